import type { SystemUseCase } from '#lib/contract/task.ts';
import { takeBatches } from '#lib/domain/batches.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { PendingUniqueness } from '#lib/store/business/pending-uniqueness.ts';
import type { contract } from './contract.ts';

type Needs = {
  findPending: (scope: SystemScope) => Promise<readonly PendingUniqueness[]>;
  findConflicts: (pending: PendingUniqueness, scope: SystemScope) => Promise<string[][]>;
  /** Marks up to 2,000 more values as held; true when all are held. */
  holdMore: (pending: PendingUniqueness, scope: SystemScope) => Promise<boolean>;
  markEnforced: (pending: PendingUniqueness, scope: SystemScope) => Promise<void>;
  nowMs: () => number;
};
type Outcome = 'enforced' | 'conflicts' | 'out-of-time' | 'too-early';

/** No batch starts later than this before the deadline. */
const SPARE_MS = 20_000;

/**
 * Enforces pending uniqueness rules, unless customers still share a value. A run that stops early can be repeated: values
 * that are held stay held, and the setting stays `pending` until all are.
 */
export const enforceUniqueness =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ settleMs }, scope) => {
    const findings = [];
    for (const pending of await needs.findPending(scope)) {
      const { businessId, field } = pending;
      findings.push({ businessId, field, ...(await enforce(pending)) });
    }
    return { findings };

    async function enforce(pending: PendingUniqueness): Promise<{ outcome: Outcome; conflicts: string[][] }> {
      if (needs.nowMs() < pending.since.getTime() + settleMs) return { outcome: 'too-early', conflicts: [] };
      const conflicts = await needs.findConflicts(pending, scope);
      if (conflicts.length > 0) return { outcome: 'conflicts', conflicts };
      const outcome = await takeBatches(held(pending), () => Promise.resolve(undefined), {
        nowMs: needs.nowMs,
        lastStartMs: scope.deadline - SPARE_MS,
        alwaysTakesOne: true,
      });
      if (outcome === 'out-of-time') return { outcome, conflicts: [] };
      await needs.markEnforced(pending, scope);
      return { outcome: 'enforced', conflicts: [] };
    }

    async function* held(pending: PendingUniqueness): AsyncGenerator<true> {
      while (!(await needs.holdMore(pending, scope))) yield true;
    }
  };
