import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { changeCustomer as changed, stateOf } from '#lib/domain/customers/customer.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { customerNotFound, deletedCustomer, requireVersion } from '#lib/domain/refusals.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { Customers } from '#lib/store/customers/customers.ts';
import type { contract } from './contract.ts';

type Needs = {
  customers: Pick<Customers, 'find' | 'change' | 'refuseMerged'>;
  settingsOf: SettingsOf;
  now: () => Date;
};

/** Changes a live customer by a JSON Merge Patch. */
export const patchCustomer =
  ({ customers, settingsOf, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, body, ifMatch }, scope) => {
    const [settings, stored] = await Promise.all([settingsOf(scope), customers.find(id, scope)]);
    if (stored === null) throw customerNotFound();
    await customers.refuseMerged(stored, scope);
    requireVersion(stored.customer, ifMatch);
    if (!isLive(stateOf(stored.customer))) throw deletedCustomer();
    const after = changed(stored.customer, body, { at: now(), settings });
    await customers.change({ stored, after }, { settings, action: 'patch-customer' }, scope);
    return ok(toCustomerDto(after));
  };
