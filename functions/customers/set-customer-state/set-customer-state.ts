import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { moveCustomer } from '#lib/domain/customers/customer.ts';
import { customerNotFound, requireVersion } from '#lib/domain/refusals.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { Customers } from '#lib/store/customers/customers.ts';
import type { contract } from './contract.ts';

type Needs = {
  customers: Pick<Customers, 'find' | 'change' | 'refuseMerged'>;
  settingsOf: SettingsOf;
  now: () => Date;
};

/** Moves a customer to another state, with a reason for its history. */
export const setCustomerState =
  ({ customers, settingsOf, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, body: { state, reason }, ifMatch }, scope) => {
    const [settings, stored] = await Promise.all([settingsOf(scope), customers.find(id, scope)]);
    if (stored === null) throw customerNotFound();
    await customers.refuseMerged(stored, scope);
    requireVersion(stored.customer, ifMatch);
    const after = moveCustomer(stored.customer, state, now());
    await customers.change({ stored, after }, { settings, action: 'set-customer-state', reason }, scope);
    return ok(toCustomerDto(after));
  };
