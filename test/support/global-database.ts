import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { type RunningDatabase, startDatabase } from '#infra/local/database/start-database.ts';
import { keepForTeardown } from './running-database.ts';

/**
 * What a killed process was about to write is kept from others until its transaction ends, by default after a minute, and
 * on the embedded engine an index build waits as long. Tests kill; nothing they wait for takes this many seconds.
 */
const TRANSACTION_LIFETIME_S = 10;

/** The database of a run is ours to set; one at MONGODB_URI stays as it is. */
const endTransactionsSoon = async ({ engine, uri }: RunningDatabase): Promise<void> => {
  if (engine === 'external') return;
  const client = await MongoClient.connect(uri);
  await client
    .db('admin')
    .command({ setParameter: 1, transactionLifetimeLimitSeconds: TRANSACTION_LIFETIME_S });
  await client.close();
};

/**
 * Jest's globalSetup: one database for the whole run, of which test-database.ts gives each file a part, and one folder
 * for what the files of the run share.
 */
const setUp = async (): Promise<void> => {
  const database = await startDatabase();
  keepForTeardown(database);
  await endTransactionsSoon(database);
  process.env['TEST_RUN_FOLDER'] = await mkdtemp(join(tmpdir(), 'test-run-'));
  process.env['TEST_MONGODB_URI'] = database.uri;
  process.env['TEST_DATABASE_ENGINE'] = database.engine;
};

export default setUp;
