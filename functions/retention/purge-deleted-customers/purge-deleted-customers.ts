import type { SystemUseCase } from '#lib/contract/task.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { takeBatches } from '#lib/domain/batches.ts';
import { type DueOfBusiness, exceedsShare } from '#lib/domain/retention/purge-share.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { contract } from './contract.ts';

type Needs = {
  isSwitchedOff: () => boolean;
  countDue: (scope: SystemScope) => Promise<readonly DueOfBusiness[]>;
  /** Purges up to `size` customers in one transaction. Returns how many; 0 when none is due. */
  purgeBatch: (size: number, scope: SystemScope) => Promise<number>;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  heartbeat: () => void;
  nowMs: () => number;
};

/** No batch starts later than this before the deadline, so the platform never cuts one off. */
const SPARE_MS = 60_000;

type Found = { due: number; purged: number; aboveShare: string[] };
const NOTHING: Found = { due: 0, purged: 0, aboveShare: [] };

/**
 * Purges the customers that are due, in batches. Purges nothing when it is switched off, on a dry run, and when a business
 * has more customers due than the largest share allows.
 */
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
    const outcome = await takeBatches<number>(batches(), note, {
      nowMs: needs.nowMs,
      lastStartMs: scope.deadline - SPARE_MS,
    });
    if (outcome === 'out-of-time') return stop(outcome, { due, purged });
    needs.heartbeat();
    return { outcome, purged, due, aboveShare };

    async function* batches(): AsyncGenerator<number> {
      for (let gone; (gone = await needs.purgeBatch(batchSize, scope)) > 0;) yield gone;
    }

    function note(gone: number): Promise<undefined> {
      purged += gone;
      needs.logEvent('purge-batch-finished', { purged: gone, purgedSoFar: purged });
      return Promise.resolve(undefined);
    }

    /** Sends no heartbeat: if every run stops, the alarm must go off. */
    function stop<O extends string>(outcome: O, found: Partial<Found> = {}) {
      const { due, purged, aboveShare } = { ...NOTHING, ...found };
      needs.logEvent('purge-stopped', { reason: outcome, purged, due });
      return { outcome, purged, due, aboveShare };
    }
  };
