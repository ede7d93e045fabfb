import type { SystemUseCase } from '#lib/contract/route.ts';
import type { SystemScope } from '#lib/domain/actor.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { Checked, Flawed, Place, Walk } from '#lib/store/histories.ts';
import type { contract } from './contract.ts';

type Needs = {
  /** Walks the histories in order of business and customer. */
  checkHistories: (walk: Walk, scope: SystemScope) => AsyncIterable<Checked>;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  /** Sets the alarm off. */
  countFlawed: (flawed: number) => void;
  nowMs: () => number;
};

/** Time that a run keeps in hand, for its last batch. */
const SPARE_MS = 60_000;
/** An answer of Lambda has 6 MB; who has so many has to look at the first ones anyway. */
const MOST_FLAWED = 1_000;

/** Reads only. Whoever is stopped says where to go on. */
export const verifyHistories =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ businessId, after, batchSize }, scope) => {
    const flawed: Flawed[] = [];
    let checked = 0;
    for await (const batch of needs.checkHistories({ businessId, after, size: batchSize }, scope)) {
      checked += batch.checked;
      flawed.push(...batch.flawed);
      needs.logEvent('histories-checked', { checked: batch.checked, checkedSoFar: checked });
      for (const one of batch.flawed) needs.logEvent('history-flawed', { ...one });
      if (batch.flawed.length > 0) needs.countFlawed(batch.flawed.length);
      if (flawed.length >= MOST_FLAWED) return stop('too-many-flawed', batch.last);
      if (needs.nowMs() > scope.deadline - SPARE_MS) return stop('out-of-time', batch.last);
    }
    return stop('finished', null);

    function stop(outcome: 'finished' | 'out-of-time' | 'too-many-flawed', goOnAfter: Place | null) {
      needs.logEvent('verification-stopped', { outcome, checked, flawed: flawed.length });
      return { outcome, checked, flawed, after: goOnAfter };
    }
  };
