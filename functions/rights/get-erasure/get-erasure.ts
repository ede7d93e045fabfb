import { type Kept, toErasureReceipt } from '#lib/contract/erasure-receipt.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { Erasure } from '#lib/domain/rights/erasure.ts';
import type { contract } from './contract.ts';

type Needs = {
  findErasure: (id: string, scope: BusinessScope) => Promise<Erasure | null>;
  kept: readonly Kept[];
};

/** Answers the receipt of an erasure. */
export const getErasure =
  ({ findErasure, kept }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const erasure = await findErasure(id, scope);
    if (erasure === null) throw customerNotFound();
    return ok(toErasureReceipt(erasure, kept));
  };
