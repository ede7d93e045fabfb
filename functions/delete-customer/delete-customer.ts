import { deleted } from '#lib/contract/customer-writes.ts';
import type { UseCase } from '#lib/contract/route.ts';
import type { CustomerSteps } from '#lib/store/customer-steps.ts';
import type { contract } from './contract.ts';

/** Idempotent, and the same answer for an id nobody has: an offline client sends it until it hears one. */
export const deleteCustomer =
  ({ deleteCustomer: remove, now }: CustomerSteps): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    await remove(id, now(), scope);
    return deleted(id);
  };
