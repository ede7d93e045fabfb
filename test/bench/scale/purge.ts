import { type Db, ObjectId } from 'mongodb';
import { median } from '../figures.ts';
import { startWorker } from './fill.ts';
import { say } from './print.ts';

const BATCH = 500;
const BATCHES = 5;
const ROWS = (BATCH * BATCHES) / 100;
/** Rows that no fill gets to. */
const FIRST_SPARE_ROW = 50_000_000;
const LONG_DUE = new Date('2021-01-01T00:00:00.000Z');

type Site = Readonly<{ size: number; uri: string; database: Db }>;
/** What one document costs to purge, while so many others are due as well. */
export type PurgeCost = Readonly<{ size: number; backlog: number; msPerDocument: number }>;

/** Whose the backlog is: nobody else's customers are counted or walked with it. */
const BACKLOG_BUSINESS = new ObjectId('bac1060000000000bac10600');
const AT_ONCE = 10_000;

/**
 * Makes as many due as there are customers. A purge looks at nothing of them but that they are due, so that bare links
 * will do. They stay for the next run.
 */
export const fillBacklog = async (database: Db, size: number): Promise<void> => {
  const links = database.collection('customer_link');
  const there = await links.countDocuments({ businessId: BACKLOG_BUSINESS });
  for (let left = size - there; left > 0; left -= AT_ONCE) {
    const due = Array.from({ length: Math.min(AT_ONCE, left) }, () => ({
      businessId: BACKLOG_BUSINESS,
      customerId: new ObjectId(),
      relation: 'owner',
      state: 'deleted',
      purgeAfter: LONG_DUE,
    }));
    await links.insertMany(due, { ordered: false });
    if (left % 100_000 < AT_ONCE) say(`${left} of ${size} customers left to make due`);
  }
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
    prepared.push({ size, backlog, worker, batches: new Array<number>() });
  }
  for (let batch = 0; batch < BATCHES; batch += 1) {
    for (const { worker, batches } of prepared) {
      const { count, ms } = await worker.order({ what: 'purge', size: BATCH });
      batches.push(ms / count);
    }
  }
  for (const { worker } of prepared) worker.stop();
  return prepared.map(({ size, backlog, batches }) => ({ size, backlog, msPerDocument: median(batches) }));
};
