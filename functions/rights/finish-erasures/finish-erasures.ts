import type { SystemUseCase } from '#lib/contract/task.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { findOldestOpen, findOpen, finishGroup } from '#lib/store/rights/erasures.ts';
import type { DeleteObjects } from '#lib/store/rights/sweep.ts';
import type { contract } from './contract.ts';

type Needs = {
  findOpen: typeof findOpen;
  finishGroup: typeof finishGroup;
  findOldestOpen: typeof findOldestOpen;
  deleteObjects: (of: Parameters<DeleteObjects>[0], deadline: number) => Promise<void>;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  heartbeat: () => void;
  overdue: () => void;
  nowMs: () => number;
};

/** The sweep stops this long before the deadline, so that the platform never cuts it off. */
const SPARE_MS = 30_000;
const HOUR_MS = 60 * 60 * 1_000;
/** An erasure that takes longer than this is an alarm. */
const OVERDUE_HOURS = 24;

/** Finishes erasures and purges that have begun, up to 500 customers of one business at once. Two runs do no harm. */
export const finishErasures =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ batchSize }, scope) => {
    const until = scope.deadline - SPARE_MS;
    const deleteObjects: DeleteObjects = (of) => needs.deleteObjects(of, scope.deadline);
    let finished = 0;
    let isFinished = true;
    for (let group; (group = await needs.findOpen(batchSize, scope)) !== null;) {
      isFinished = await needs.finishGroup(group, { until, deleteObjects }, scope);
      if (!isFinished) break;
      finished += group.customerIds.length;
      needs.logEvent('erasures-finished', { erased: finished });
    }
    const oldestOpenHours = await hoursSinceOldest(needs, scope);
    if (oldestOpenHours !== null && oldestOpenHours >= OVERDUE_HOURS) needs.overdue();
    needs.heartbeat();
    return { outcome: isFinished ? 'finished' : 'out-of-time', finished, oldestOpenHours };
  };

const hoursSinceOldest = async (
  { findOldestOpen: find, nowMs }: Needs,
  scope: SystemScope,
): Promise<number | null> => {
  const oldest = await find(scope);
  return oldest === null ? null : (nowMs() - oldest.getTime()) / HOUR_MS;
};
