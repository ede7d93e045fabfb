import { toLegalHoldDto } from '#lib/contract/legal-hold-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import { placeHold } from '#lib/domain/rights/legal-hold.ts';
import type { LegalHolds } from '#lib/store/rights/legal-holds.ts';
import type { contract } from './contract.ts';

type Needs = { legalHolds: Pick<LegalHolds, 'find' | 'place'>; now: () => Date };

/**
 * Puts a customer under a legal hold, with everybody who was merged into it. For a merged customer, it does so for the
 * survivor. The same reason again writes nothing.
 */
export const placeLegalHold =
  ({ legalHolds, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, body: { reason } }, scope) => {
    const found = await legalHolds.find(id, scope);
    if (found === null) throw customerNotFound();
    const { stored, hold, isOnAll } = found;
    const at = now();
    // A hold that one of them lacks is placed again, even for the same reason.
    const before = hold === null || isOnAll ? hold : { ...hold, reason: null };
    const placed = placeHold(before, { reason, at });
    if (placed !== null) await legalHolds.place(found, { hold: placed, at }, scope);
    return ok(toLegalHoldDto(stored.customer.id, placed ?? hold));
  };
