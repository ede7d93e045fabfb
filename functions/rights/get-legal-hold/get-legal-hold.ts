import { toLegalHoldDto } from '#lib/contract/legal-hold-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { LegalHolds } from '#lib/store/rights/legal-holds.ts';
import type { contract } from './contract.ts';

type Needs = { legalHolds: Pick<LegalHolds, 'find'> };

/** Answers the legal hold of one customer. For a merged customer, it answers that of the survivor. */
export const getLegalHold =
  ({ legalHolds }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const found = await legalHolds.find(id, scope);
    if (found === null) throw customerNotFound();
    const { stored, hold } = found;
    const reason = hold?.reason ?? undefined;
    return ok({ ...toLegalHoldDto(stored.customer.id, hold), ...(reason !== undefined && { reason }) });
  };
