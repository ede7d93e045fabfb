import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { createdOrThere, deleted } from '#lib/contract/customer-writes.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { CustomerSteps } from '#lib/store/customer-steps.ts';
import type { operations } from './contract.ts';

type Operations = typeof operations;

/** The steps of each operation: those of its own route. */
export const applyOperations = ({
  createCustomer,
  setFields,
  deleteCustomer,
  now,
}: CustomerSteps): { [N in keyof Operations]: UseCase<Operations[N]> } => ({
  create: async ({ body }, scope) => createdOrThere(await createCustomer(body, now(), scope)),
  change: async ({ params: { id }, body: fields }, scope) =>
    ok(toCustomerDto(await setFields({ id, fields }, now(), scope))),
  delete: async ({ params: { id } }, scope) => {
    await deleteCustomer(id, now(), scope);
    return deleted(id);
  },
});
