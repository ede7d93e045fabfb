import type { SystemUseCase } from '#lib/contract/route.ts';
import type { SystemScope } from '#lib/domain/actor.ts';
import { type DueOfBusiness, exceedsShare } from '#lib/domain/retention.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { contract } from './contract.ts';

type Needs = {
  isSwitchedOff: () => boolean;
  countDue: (scope: SystemScope) => Promise<readonly DueOfBusiness[]>;
  /** Purges up to so many in one transaction and tells how many; 0 when nothing due is left. */
  purgeBatch: (size: number, scope: SystemScope) => Promise<number>;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  heartbeat: () => void;
  nowMs: () => number;
};

/** Time that a run keeps in hand: a batch must never be cut off by the platform. */
const SPARE_MS = 60_000;

type Found = { due: number; purged: number; aboveShare: string[] };
const NOTHING: Found = { due: 0, purged: 0, aboveShare: [] };

export const purgeDeletedCustomers =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ dryRun, batchSize, ...share }, scope) => {
    if (needs.isSwitchedOff()) return stop('switched-off');
    const businesses = await needs.countDue(scope);
    const due = businesses.reduce((sum, business) => sum + business.due, 0);
    const aboveShare = businesses
      .filter((business) => exceedsShare(business, share))
      .map(({ businessId }) => businessId);
    if (dryRun) return { outcome: 'dry-run', purged: 0, due, aboveShare };
    if (aboveShare.length > 0) return stop('above-share', { due, aboveShare });

    let purged = 0;
    for (;;) {
      if (needs.nowMs() > scope.deadline - SPARE_MS) return stop('out-of-time', { due, purged });
      const gone = await needs.purgeBatch(batchSize, scope);
      if (gone === 0) break;
      purged += gone;
      needs.logEvent('purge-batch-finished', { purged: gone, purgedSoFar: purged });
    }
    needs.heartbeat();
    return { outcome: 'finished', purged, due, aboveShare };

    /** Without a heartbeat: the alarm must notice when this goes on. */
    function stop<O extends string>(outcome: O, found: Partial<Found> = {}) {
      const { due, purged, aboveShare } = { ...NOTHING, ...found };
      needs.logEvent('purge-stopped', { reason: outcome, purged, due });
      return { outcome, purged, due, aboveShare };
    }
  };
