import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { moveCustomer, stateOf } from '#lib/domain/customers/customer.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { Customers } from '#lib/store/customers/customers.ts';
import type { contract } from './contract.ts';

type Needs = {
  customers: Pick<Customers, 'find' | 'change' | 'refuseMerged'>;
  settingsOf: SettingsOf;
  now: () => Date;
};

/** Brings a deleted customer back to the state it was deleted from. A live customer stays as it is. */
export const restoreCustomer =
  ({ customers, settingsOf, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const [settings, stored] = await Promise.all([settingsOf(scope), customers.find(id, scope)]);
    if (stored === null) throw customerNotFound();
    await customers.refuseMerged(stored, scope);
    if (isLive(stateOf(stored.customer))) return ok(toCustomerDto(stored.customer));
    const after = moveCustomer(stored.customer, stored.restoreTo, now());
    await customers.change({ stored, after }, { settings, action: 'restore-customer' }, scope);
    return ok(toCustomerDto(after));
  };
