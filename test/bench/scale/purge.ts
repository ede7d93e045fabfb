import type { Db } from 'mongodb';
import { median } from '../figures.ts';
import { startWorker } from './fill.ts';

const BATCH = 500;
const BATCHES = 5;
const ROWS = (BATCH * BATCHES) / 100;
/** Rows that no fill gets to. */
const FIRST_SPARE_ROW = 50_000_000;
const LONG_DUE = new Date('2021-01-01T00:00:00.000Z');

type Site = Readonly<{ size: number; uri: string; database: Db }>;
/** What one document costs to purge, while so many others are due as well. */
export type PurgeCost = Readonly<{ size: number; backlog: number; msPerDocument: number }>;

/**
 * Purges a few batches on each site, in turn. Whoever is deleted there is due and stays; those who go are added for it
 * and have been due longer.
 */
export const purgeCosts = async (sites: readonly Site[], seed: number): Promise<PurgeCost[]> => {
  const spare = FIRST_SPARE_ROW + Math.floor(Math.random() * FIRST_SPARE_ROW);
  const rows = Array.from({ length: ROWS }, (_, index) => spare + index);
  const prepared = await Promise.all(
    sites.map(async ({ size, uri, database }) => {
      const links = database.collection('customer_link');
      await links.updateMany(
        { state: 'deleted', purgeAfter: { $gt: LONG_DUE } },
        { $set: { purgeAfter: LONG_DUE } },
      );
      const backlog = await links.countDocuments({ state: 'deleted' });
      const worker = startWorker(uri);
      await worker.order({ what: 'add-due', rows, seed });
      return { size, backlog, worker, batches: [] as number[] };
    }),
  );
  for (let batch = 0; batch < BATCHES; batch += 1) {
    for (const { worker, batches } of prepared) {
      const { count, ms } = await worker.order({ what: 'purge', size: BATCH });
      batches.push(ms / count);
    }
  }
  for (const { worker } of prepared) worker.stop();
  return prepared.map(({ size, backlog, batches }) => ({ size, backlog, msPerDocument: median(batches) }));
};
