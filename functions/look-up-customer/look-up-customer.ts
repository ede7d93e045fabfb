import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { Customer } from '#lib/domain/customer.ts';
import { nobodyFound } from '#lib/domain/refusals.ts';
import type { contract } from './contract.ts';

type LookUp = (text: string, scope: BusinessScope) => Promise<Customer | null>;
type Needs = { findLiveByEmail: LookUp; findLiveByPhone: LookUp };

export const lookUpCustomer =
  ({ findLiveByEmail, findLiveByPhone }: Needs): UseCase<typeof contract> =>
  async ({ query: { email, phone } }, scope) => {
    const customer =
      (email === undefined ? null : await findLiveByEmail(email, scope)) ??
      (phone === undefined ? null : await findLiveByPhone(phone, scope));
    if (customer === null) throw nobodyFound();
    return ok(toCustomerDto(customer));
  };
