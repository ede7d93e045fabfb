import type { SystemUseCase } from '#lib/contract/task.ts';
import { takeBatches } from '#lib/domain/batches.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { LineTrouble } from '#lib/domain/histories/newest-lines.ts';
import type { LogEvents } from '#lib/runtime/log-events.ts';
import type { Checked, Place, Walk } from '#lib/store/histories/check-histories.ts';
import type { contract } from './contract.ts';

/** A batch of histories. What is wrong with one may also have been found by a line of the log. */
export type ComparedBatch = Omit<Checked, 'flawed'> & Readonly<{ flawed: readonly Flawed[] }>;
type Flawed = Place & Readonly<{ trouble: Checked['flawed'][number]['trouble'] | LineTrouble }>;

type Needs = {
  /** Walks the histories in order of business and customer. */
  checkHistories: (walk: Walk, scope: SystemScope) => AsyncIterable<ComparedBatch>;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  /** Triggers the alarm. */
  countFlawed: (flawed: number) => void;
  nowMs: () => number;
};

/** No batch starts later than this before the deadline. */
const SPARE_MS = 60_000;
/** An answer of Lambda may have 6 MB. With this many flawed histories, the first ones must be investigated anyway. */
const MOST_FLAWED = 1_000;

/** Verifies histories and changes nothing. A run that stops early answers where the next one must continue. */
export const verifyHistories =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ businessId, after, batchSize }, scope) => {
    const flawed: Flawed[] = [];
    let [checked, former] = [0, 0];
    let last: Place | null = after ?? null;
    const batches = needs.checkHistories({ businessId, after, size: batchSize }, scope);
    const outcome = await takeBatches(batches, note, {
      nowMs: needs.nowMs,
      lastStartMs: scope.deadline - SPARE_MS,
      alwaysTakesOne: true,
    });
    needs.logEvent('verification-stopped', { outcome, checked, former, flawed: flawed.length });
    return { outcome, checked, former, flawed, after: outcome === 'finished' ? null : last };

    function note(batch: ComparedBatch): Promise<'too-many-flawed' | undefined> {
      checked += batch.histories.length;
      former += batch.former;
      last = batch.last;
      flawed.push(...batch.flawed);
      needs.logEvent('histories-checked', { checked: batch.histories.length, checkedSoFar: checked });
      for (const one of batch.flawed) needs.logEvent('history-flawed', { ...one });
      if (batch.flawed.length > 0) needs.countFlawed(batch.flawed.length);
      return Promise.resolve(flawed.length >= MOST_FLAWED ? 'too-many-flawed' : undefined);
    }
  };
