import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { UUID } from 'mongodb';
import { Types } from 'mongoose';
import { idOf } from '#infra/ops/import/check-line.ts';
import { randomOf } from '#test/bench/scale/random.ts';
import { writePeople } from '#test/bench/scale/people-lines.ts';
import { startOps } from '#test/support/ops-process.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { countIn, documentsIn } from '#test/support/stored.ts';
import { adminUriOf, testDatabaseEngine } from '#test/support/test-database.ts';
import { readCommand } from '#test/support/wire/message.ts';
import { startTap } from '#test/support/wire/tap.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('import-killed');
const folder = mkdtempSync(join(tmpdir(), 'import-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = await hearingSessions(adminUriOf(process.env['MONGODB_URI']!));
});
afterAll(() => endHearing());

const LINES = sized({ short: 450, full: 20_000 });
const KILLS = sized({ short: 2, full: 30 });
/** How long after it has written a batch it is killed at the latest. */
const LATEST_MS = sized({ short: 300, full: 2_000 });
const LOOK_EVERY_MS = 5;
const TIMEOUT_MS = Math.max(PROOF_TIMEOUT_MS, 180_000);

/**
 * The database gives up the transaction of a killed import after its lifetime limit, 10 s in a test run. The next import
 * waits for it; this much of the wait is enough to see that.
 */
const ABANDONED_MS = 1_500;

/** The ids of the sessions of the imports since the last kill, in hexadecimal digits. */
let sessions = new Set<string>();
let endHearing = (): void => undefined;

/** A URI of the same database, on which the sessions of its clients are noted. */
const hearingSessions = async (databaseUri: string): Promise<string> => {
  const uri = new URL(databaseUri);
  const { address, endWhenIdle } = await startTap(
    { host: uri.hostname, port: Number(uri.port) },
    {
      asked: (message) => {
        const { lsid } = readCommand(message).body;
        if (lsid !== undefined) sessions.add(Buffer.from(lsid.id).toString('hex'));
      },
      answered: () => undefined,
    },
  );
  endHearing = endWhenIdle;
  uri.host = address;
  // The driver must not learn the real address, or its commands would not be heard.
  uri.searchParams.delete('replicaSet');
  uri.searchParams.set('directConnection', 'true');
  return uri.href;
};

/** Ends the sessions of a killed import before the database would. */
const endSessionsLater = async (): Promise<void> => {
  const killSessions = [...sessions].map((id) => ({ id: new UUID(id) }));
  sessions = new Set();
  await sleep(ABANDONED_MS);
  await service.database.getClient().db('admin').command({ killSessions });
};

const random = randomOf(SEED);
/** After how many more lines it is killed: about four fifths of them are there after all kills. */
const someLines = (): number => 1 + Math.floor((random() * 0.8 * LINES) / (KILLS + 1));

const businessId = aBusinessId();
const linesThere = (business = businessId) => countIn(service, 'customer_link', { businessId: business });
const linesReach = async (enough: number, child: ChildProcess, business = businessId): Promise<void> => {
  while (child.exitCode === null && (await linesThere(business)) < enough) await sleep(LOOK_EVERY_MS);
};

/** Starts an import, and kills it some time after it has added some lines; tells whether it was alive until then. */
const killedAfterSome = async (args: readonly string[]): Promise<boolean> => {
  const enough = (await linesThere()) + someLines();
  const { child, ended } = startOps(args);
  await linesReach(enough, child);
  await sleep(random() * LATEST_MS);
  child.kill('SIGKILL');
  const { status, text } = await ended;
  void endSessionsLater();
  if (status !== null) expect([status, text]).toEqual([0, expect.stringContaining(' 0 refused')]);
  return status === null;
};

const saysThatItWaits = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.stderr!.on('data', (piece: string) => {
      if (piece.includes('Waiting for another write')) resolve();
    });
  });

/** How often each customer of the business is named in a collection. */
const timesNamed = async (collection: string, field: '_id' | 'customerId' = 'customerId') => {
  const found = await documentsIn(service, collection, field === '_id' ? {} : { businessId });
  return Map.groupBy(found, (document) => String(document[field]));
};

it(
  `an import that is killed ${String(KILLS)} times and run again has every line once, whole`,
  async () => {
    const file = join(folder, 'people.ndjson');
    await writePeople({ count: LINES, seed: SEED, format: 'ndjson' }, file);
    const args = ['import', file, '--business', businessId, '--actor', 'ola', '--yes'];
    const thereAfter: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1)
      if (await killedAfterSome(args)) thereAfter.push(await linesThere());
    process.stdout.write(
      `import of ${String(LINES)} lines killed ${String(thereAfter.length)} times, with so many there: ` +
        `${thereAfter.join(', ')} (seed ${String(SEED)}) [${testDatabaseEngine()}]\n`,
    );
    const before = await linesThere();
    const { status, text } = await startOps(args).ended;
    const imported = (LINES - before).toLocaleString('en');
    expect([status, text]).toEqual([
      0,
      expect.stringContaining(
        `${imported} imported, ${before.toLocaleString('en')} already imported, 0 refused`,
      ),
    ]);
    expect(thereAfter.length).toBeGreaterThan(0);
    const customers = await timesNamed('customer', '_id');
    expect(customers.size).toBe(LINES);
    for (const collection of ['customer_link', 'customer_audit', 'outbox']) {
      const named = await timesNamed(collection);
      expect([collection, [...named.keys()].sort()]).toEqual([collection, [...customers.keys()].sort()]);
      expect([...named.values()].filter(({ length }) => length !== 1)).toEqual([]);
    }
  },
  TIMEOUT_MS,
);

it(
  'waits for the end of a transaction that a killed import left behind',
  async () => {
    const own = aBusinessId();
    const file = join(folder, 'few.ndjson');
    await writePeople({ count: 210, seed: SEED, format: 'ndjson' }, file);
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
    const session = await service.database.startSession();
    session.startTransaction();
    const document = { _id: new Types.ObjectId(idOf(207, { businessId: own, digest })) };
    await service.database
      .collection('customer')
      .insertOne(document, { session, bypassDocumentValidation: true });
    const { child, ended } = startOps(['import', file, '--business', own, '--actor', 'ola', '--yes']);
    await linesReach(200, child, own);
    // It must not end before it has met the open transaction and said so.
    await Promise.race([ended, saysThatItWaits(child)]);
    await session.abortTransaction();
    await session.endSession();
    expect(await ended).toMatchObject({
      status: 0,
      text: expect.stringMatching(
        /^Waiting for another write to the same customers to end, for up to 90 seconds\..*^210 imported, 0 already imported/ms,
      ),
    });
  },
  TIMEOUT_MS,
);
