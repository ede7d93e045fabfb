import type { SystemUseCase } from '#lib/contract/route.ts';
import type { SystemScope } from '#lib/domain/actor.ts';
import type { PendingUniqueness } from '#lib/store/uniqueness.ts';
import type { contract } from './contract.ts';

type Needs = {
  findPending: (scope: SystemScope) => Promise<readonly PendingUniqueness[]>;
  findConflicts: (pending: PendingUniqueness, scope: SystemScope) => Promise<string[][]>;
  /** Holds up to some thousand more values; false when there are more to hold. */
  holdMore: (pending: PendingUniqueness, scope: SystemScope) => Promise<boolean>;
  settle: (pending: PendingUniqueness, scope: SystemScope) => Promise<void>;
  nowMs: () => number;
};
type Outcome = 'enforced' | 'conflicts' | 'out-of-time' | 'too-early';

const SPARE_MS = 20_000;

/** Resumable anywhere: what is held stays held, and the setting says `pending` until everything is. */
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
      while (!(await needs.holdMore(pending, scope))) {
        if (needs.nowMs() > scope.deadline - SPARE_MS) return { outcome: 'out-of-time', conflicts: [] };
      }
      await needs.settle(pending, scope);
      return { outcome: 'enforced', conflicts: [] };
    }
  };
