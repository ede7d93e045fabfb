import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { CustomerSteps } from '#lib/store/customer-steps.ts';
import type { contract } from './contract.ts';

export const changeCustomer =
  ({ setFields, now }: CustomerSteps): UseCase<typeof contract> =>
  async ({ params: { id }, body: fields, ifMatch }, scope) =>
    ok(toCustomerDto(await setFields({ id, fields, ifMatch }, now(), scope)));
