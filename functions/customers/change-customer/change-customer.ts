import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { changeCustomer as changed } from '#lib/domain/customers/customer.ts';
import { customerNotFound, requireVersion } from '#lib/domain/refusals.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { Customers } from '#lib/store/customers/customers.ts';
import type { contract } from './contract.ts';

type Needs = {
  customers: Pick<Customers, 'find' | 'change' | 'changeSurvivor'>;
  settingsOf: SettingsOf;
  now: () => Date;
};

/**
 * Sets the fields that were sent, and leaves the others as they are. For a merged customer, sets on the survivor what differs
 * from the merged customer's own record.
 */
export const changeCustomer =
  ({ customers, settingsOf, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, body: fields, ifMatch }, scope) => {
    const [settings, stored] = await Promise.all([settingsOf(scope), customers.find(id, scope)]);
    if (stored === null) throw customerNotFound();
    requireVersion(stored.customer, ifMatch);
    const at = now();
    if (stored.isMerged) {
      const change = { fields, settings, at, action: 'change-customer' };
      const survivor = await customers.changeSurvivor(stored, change, scope);
      if (survivor === null) throw customerNotFound();
      return ok(toCustomerDto(survivor));
    }
    const after = changed(stored.customer, fields, { at, settings });
    await customers.change({ stored, after }, { settings, action: 'change-customer' }, scope);
    return ok(toCustomerDto(after));
  };
