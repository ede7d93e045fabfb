import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { contract } from './contract.ts';

type Needs = {
  /** The customer, or the one that it was merged into. */
  findSurvivor: (id: string, scope: BusinessScope) => Promise<Customer | null>;
};

/** Answers one customer. For a customer that was merged into another one, it answers that one. */
export const getCustomer =
  ({ findSurvivor }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const customer = await findSurvivor(id, scope);
    if (customer === null) throw customerNotFound();
    return ok(toCustomerDto(customer));
  };
