import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { type RunningDatabase, startDatabase } from '#infra/local/database/start-database.ts';
import { keepForTeardown } from './running-database.ts';

/**
 * After a process is killed, the database blocks what it was about to write until its transaction ends, by default after
 * a minute. On the embedded engine, an index build waits as long. Tests kill processes; none of their waits is this long.
 */
const TRANSACTION_LIFETIME_S = 10;

/** Only the database of a run may be configured; one at MONGODB_URI stays as it is. */
const endTransactionsSoon = async ({ engine, uri }: RunningDatabase): Promise<void> => {
  if (engine === 'external') return;
  const client = await MongoClient.connect(uri);
  await client
    .db('admin')
    .command({ setParameter: 1, transactionLifetimeLimitSeconds: TRANSACTION_LIFETIME_S });
  await client.close();
};

/** Without a database no test can run. Jest would print the message with a stack trace, which hides it. */
const exitWith = (error: unknown): never => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
};

/**
 * Jest's globalSetup: one database for the whole run, in which test-database.ts names a separate one for each test file,
 * and one folder that the files of the run share.
 */
const setUp = async (): Promise<void> => {
  const database = await startDatabase().catch(exitWith);
  keepForTeardown(database);
  await endTransactionsSoon(database);
  process.env['TEST_RUN_FOLDER'] = await mkdtemp(join(tmpdir(), 'test-run-'));
  process.env['TEST_MONGODB_URI'] = database.uri;
  process.env['TEST_DATABASE_ENGINE'] = database.engine;
};

export default setUp;
