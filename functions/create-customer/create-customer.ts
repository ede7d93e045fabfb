import { createdOrThere } from '#lib/contract/customer-writes.ts';
import type { UseCase } from '#lib/contract/route.ts';
import type { CustomerSteps } from '#lib/store/customer-steps.ts';
import type { contract } from './contract.ts';

export const createCustomer =
  ({ createCustomer: create, now }: CustomerSteps): UseCase<typeof contract> =>
  async ({ body }, scope) =>
    createdOrThere(await create(body, now(), scope));
