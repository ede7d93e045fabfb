import { accepted, ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { StoredCustomer } from '#lib/store/customers/reader.ts';
import type { contract } from './contract.ts';

type Needs = {
  find: (id: string, scope: BusinessScope) => Promise<StoredCustomer | null>;
  stageRecall: (stored: StoredCustomer, scope: BusinessScope) => void;
};

/** Asks for a customer, or for the one that it was merged into. Nothing happens when all of it is here. */
export const recallCustomer =
  ({ find, stageRecall }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const stored = await find(id, scope);
    if (stored === null) throw customerNotFound();
    const _id = stored.customer.id;
    if (!stored.isAway) return ok({ _id, archive: 'here' as const });
    stageRecall(stored, scope);
    return accepted({ _id, archive: 'returning' as const });
  };
