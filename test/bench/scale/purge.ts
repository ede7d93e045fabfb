import { type Db, ObjectId } from 'mongodb';
import { median } from '../figures.ts';
import { startWorker } from './fill.ts';
import { entryOf, leftOvers, LONG_AGO, type Owner } from './life.ts';
import { say } from './print.ts';

const BATCH = 500;
const BATCHES = 5;
const ROWS = (BATCH * BATCHES) / 100;
/** Rows that no fill gets to. */
const FIRST_SPARE_ROW = 50_000_000;
const LONG_DUE = new Date('2021-01-01T00:00:00.000Z');

type Site = Readonly<{ size: number; uri: string; database: Db }>;
/** What one customer costs to purge and to sweep, while so many others are due as well. */
export type PurgeCost = Readonly<{ size: number; backlog: number; purgeMs: number; sweepMs: number }>;

/** Whose the backlog is: nobody else's customers are counted or walked with it. */
const BACKLOG_BUSINESS = new ObjectId('bac1060000000000bac10600');
const AT_ONCE = 10_000;

/**
 * Makes as many due as there are customers. A purge looks at nothing of them but that they are due, so that bare links
 * will do. Each comes with what a sweep looks through: a history entry, consents and a recorded answer. They stay for the
 * next run.
 */
export const fillBacklog = async (database: Db, size: number): Promise<void> => {
  const links = database.collection('customer_link');
  const there = await links.countDocuments({ businessId: BACKLOG_BUSINESS });
  for (let left = size - there; left > 0; left -= AT_ONCE) {
    const owners = Array.from({ length: Math.min(AT_ONCE, left) }, () => ({
      businessId: BACKLOG_BUSINESS,
      customerId: new ObjectId(),
    }));
    await addLives(database, owners);
    await database.collection('customer_audit').insertMany(owners.map(entryOf), { ordered: false });
    const due = owners.map((owner) => ({
      ...owner,
      state: 'deleted',
      purgeAfter: LONG_DUE,
    }));
    // The links tell how many are there: they come last.
    await links.insertMany(due, { ordered: false });
    if (left % 100_000 < AT_ONCE) say(`${left} of ${size} customers left to make due`);
  }
};

const addLives = async (database: Db, owners: readonly Owner[]): Promise<void> => {
  const lives = owners.map(leftOvers);
  const options = { ordered: false };
  await database.collection('consent').insertMany(
    lives.flatMap(({ consent }) => consent),
    options,
  );
  await database.collection('idempotency').insertMany(
    lives.flatMap(({ idempotency }) => idempotency),
    options,
  );
};

/** Gives those who will be purged what a sweep removes: consents, an answer, and a reason in their history. */
const makeSwept = async (database: Db): Promise<void> => {
  const links = database.collection('customer_link');
  const owners = await links
    .find({ purgeAfter: LONG_AGO }, { projection: { _id: 0, businessId: 1, customerId: 1 } })
    .toArray();
  await addLives(
    database,
    owners.map(({ businessId, customerId }) => ({ businessId, customerId })),
  );
  await database
    .collection('customer_audit')
    .updateMany(
      { customerId: { $in: owners.map(({ customerId }) => customerId) } },
      { $set: { reason: Buffer.alloc(64), reasonCommitment: Buffer.alloc(32) } },
    );
};

/** Purges a few batches on each site, in turn. Those who go are added for it, and have been due longer than the backlog. */
export const purgeCosts = async (sites: readonly Site[], seed: number): Promise<PurgeCost[]> => {
  const spare = FIRST_SPARE_ROW + Math.floor(Math.random() * FIRST_SPARE_ROW);
  const rows = Array.from({ length: ROWS }, (_, index) => spare + index);
  const prepared = [];
  for (const { size, uri, database } of sites) {
    const links = database.collection('customer_link');
    const backlog = await links.countDocuments({ purgeAfter: LONG_DUE });
    const worker = startWorker(uri);
    await worker.order({ what: 'add-due', rows, seed });
    await makeSwept(database);
    prepared.push({ size, backlog, worker, purges: new Array<number>(), sweeps: new Array<number>() });
  }
  for (let batch = 0; batch < BATCHES; batch += 1) {
    for (const { worker, purges, sweeps } of prepared) {
      const purged = await worker.order({ what: 'purge', size: BATCH });
      const swept = await worker.order({ what: 'sweep' });
      if (swept.count !== purged.count) throw new Error('A sweep did not finish what was purged.');
      purges.push(purged.ms / purged.count);
      sweeps.push(swept.ms / swept.count);
    }
  }
  for (const { worker } of prepared) worker.stop();
  return prepared.map(({ size, backlog, purges, sweeps }) => ({
    size,
    backlog,
    purgeMs: median(purges),
    sweepMs: median(sweeps),
  }));
};
