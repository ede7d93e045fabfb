import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { type RunningDatabase, startDatabase } from '#infra/local/database/start-database.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { serveBundles, type Served } from '#test/support/served.ts';
import { testDatabaseEngine, testDatabaseUri } from '#test/support/test-database.ts';
import { throughProbe } from '#test/support/wire/probe.ts';

const DUE = sized({ short: 1_000, full: 10_000 });
const NOT_DUE = sized({ short: 500, full: 10_000 });
const HELD = sized({ short: 50, full: 500 });
const KILLS = sized({ short: 6, full: 200 });
/** Small batches, so that each kill meets one of many. */
const BATCH = 5;
/** How long a purge runs on, at most, after its first batch: a few more, and so that all kills find work. */
const LONGEST_LEASE_MS = 40;
const PURGE = 'purge-deleted-customers';
const DAY_MS = 24 * 60 * 60 * 1_000;
const IS_SHARED = testDatabaseEngine() === 'external';
/** What a killed process had open, a database keeps so long; one that we start is told to let go at once. */
const ABANDONED_MS = IS_SHARED ? 60_000 : 0;

describe('promise 3: the purge survives kills', () => {
  let own: RunningDatabase | undefined;
  let served: Served;
  beforeAll(async () => {
    if (!IS_SHARED) own = await startDatabase({ log: () => undefined });
    served = await serveBundles('purge', {
      uri: own === undefined ? testDatabaseUri('purge') : await throughProbe(own.uri),
      maxEnvironmentsPerFunction: 3,
    });
  }, 120_000);
  afterAll(async () => {
    await served.stop();
    await own?.stop();
  });

  const collection = (name: string) => served.database.collection(name);

  /** Deleted customers as the store keeps them, as far as the purge looks at them. */
  const add = async (count: number, link: object): Promise<Types.ObjectId[]> => {
    const ids = Array.from({ length: count }, () => new Types.ObjectId());
    const businessId = new Types.ObjectId(served.businessId);
    const now = new Date();
    for (let first = 0; first < count; first += 500) {
      const some = ids.slice(first, first + 500);
      await collection('customer').insertMany(
        some.map((_id) => ({
          _id,
          customerType: 'new',
          stateHistory: [{ state: 'deleted', setAt: now }],
          createdAt: now,
          updatedAt: now,
          __v: 0,
        })),
      );
      await collection('customer_link').insertMany(
        some.map((customerId) => ({
          businessId,
          customerId,
          state: 'deleted',
          version: 0,
          auditSeq: 1,
          auditHead: Buffer.alloc(32),
          ...link,
        })),
      );
    }
    return ids;
  };
  const erased = () => collection('erasure').countDocuments();
  /** How many customers, and how many links, in one snapshot: a batch is gone whole or there whole. */
  const left = (ids: readonly Types.ObjectId[]) =>
    served.database.transaction(async (session) => [
      await collection('customer').countDocuments({ _id: { $in: [...ids] } }, { session }),
      await collection('customer_link').countDocuments({ customerId: { $in: [...ids] } }, { session }),
    ]);
  const purge = () => served.gateway.runSchedule(PURGE, { batchSize: BATCH, largestShare: 1 });

  /** Starts a purge, kills its process amid the batches, and tells whether that cut it short. */
  const purgeAndKill = async (): Promise<boolean> => {
    const before = await erased();
    let isCutShort: boolean | undefined;
    const run = purge().then(
      () => (isCutShort = false),
      () => (isCutShort = true),
    );
    while (isCutShort === undefined && (await erased()) === before) await pause(5);
    await pause(randomInt(LONGEST_LEASE_MS));
    for (const [name, pids] of Object.entries(served.gateway.environments())) {
      if (name.endsWith(PURGE)) for (const pid of pids) process.kill(pid, 'SIGKILL');
    }
    const wasCutShort = await run;
    if (!IS_SHARED) await served.database.getClient().db('admin').command({ killAllSessions: [] });
    return wasCutShort;
  };

  it(
    'purges what is due exactly once, and nothing else, however often it is killed',
    async () => {
      const past = new Date(Date.now() - DAY_MS);
      const due = await add(DUE, { purgeAfter: past });
      const notDue = await add(NOT_DUE, { purgeAfter: new Date(Date.now() + DAY_MS) });
      const held = await add(HELD, { purgeAfter: past, legalHold: true });

      for (let kill = 0; kill < KILLS; kill += 1) {
        expect(await purgeAndKill()).toBe(true);
        const [customers, links] = await left(due);
        expect(links).toBe(customers);
        expect(await erased()).toBe(DUE - Number(customers));
      }
      const purgedAmidKills = await erased();
      await Promise.all([purge(), purge(), purge()]);
      expect(await purge()).toMatchObject({ outcome: 'finished', purged: 0, due: 0 });

      expect(await left(due)).toEqual([0, 0]);
      expect(await left(notDue)).toEqual([NOT_DUE, NOT_DUE]);
      expect(await left(held)).toEqual([HELD, HELD]);
      expect([await erased(), await collection('tombstone').countDocuments()]).toEqual([DUE, DUE]);
      report(
        3,
        `${DUE} due + ${NOT_DUE} not due + ${HELD} held (full: 10,000 + 10,000 + 500), ${KILLS} kills during batches ` +
          `(full: 200; ${purgedAmidKills} purged by then), then 3 runs at once: 0 purged early, 0 held ones purged, 0 due ones left, ${DUE} erasure records`,
      );
    },
    PROOF_TIMEOUT_MS + KILLS * ABANDONED_MS,
  );
});
