import type { SystemUseCase } from '#lib/contract/task.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { takeBatches } from '#lib/domain/batches.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { Counted, Difference, Recount, RecountedBatch } from '#lib/store/activity/recount.ts';
import type { contract } from './contract.ts';

type Needs = {
  recountActivity: (recount: Recount, scope: SystemScope) => AsyncIterable<RecountedBatch>;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  nowMs: () => number;
};

/** No batch starts later than this before the deadline. */
const SPARE_MS = 60_000;
/** An answer of Lambda may have 6 MB. */
const MOST_LISTED = 1_000;

/**
 * Counts orders and payments again and compares. It writes only if `fix` says so. A run that stops early answers where the next one
 * must continue.
 */
export const recountActivity =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ businessId, after, fix, batchSize }, scope) => {
    const listed: Difference[] = [];
    let [counted, different] = [0, 0];
    let last: Counted | null = after ?? null;
    const batches = needs.recountActivity({ businessId, after, size: batchSize, fix }, scope);
    const outcome = await takeBatches<RecountedBatch>(batches, note, {
      nowMs: needs.nowMs,
      lastStartMs: scope.deadline - SPARE_MS,
      alwaysTakesOne: true,
    });
    const differences = listed.map(({ fields, ...place }) => ({ ...place, fields: [...fields] }));
    const place = outcome === 'finished' ? null : last;
    return { outcome, counted, different, fixed: fix, differences, after: place };

    function note(batch: RecountedBatch): Promise<undefined> {
      counted += batch.counted;
      different += batch.differences.length;
      last = batch.last;
      listed.push(...batch.differences.slice(0, MOST_LISTED - listed.length));
      needs.logEvent('activity-recounted', { counted, different });
      return Promise.resolve(undefined);
    }
  };
