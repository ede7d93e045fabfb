import { serveQueue } from '#lib/serve/serve-queue.ts';
import { hearOrders } from './contracts.ts';

const LATE_MS = 60_000;

export const handler = serveQueue(hearOrders, async ({ data: { then } }) => {
  if (then === 'fail') throw new Error('as asked');
  if (then === 'exit') process.exit(1);
  if (then === 'late') await new Promise((resolve) => setTimeout(resolve, LATE_MS));
  return { customers: [], fields: [] };
});
