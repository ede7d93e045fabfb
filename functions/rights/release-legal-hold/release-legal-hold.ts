import { toLegalHoldDto } from '#lib/contract/legal-hold-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { LegalHolds } from '#lib/store/rights/legal-holds.ts';
import type { contract } from './contract.ts';

type Needs = { legalHolds: Pick<LegalHolds, 'find' | 'release'>; now: () => Date };

/**
 * Ends the legal hold of a customer and of everybody who was merged into it. For a merged customer, it ends that of the
 * survivor. Writes nothing when nobody of them is held.
 */
export const releaseLegalHold =
  ({ legalHolds, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const found = await legalHolds.find(id, scope);
    if (found === null) throw customerNotFound();
    if (found.hold !== null) await legalHolds.release(found, now(), scope);
    return ok(toLegalHoldDto(found.stored.customer.id, null));
  };
