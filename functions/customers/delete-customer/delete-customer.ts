import { ok, type UseCase } from '#lib/contract/route.ts';
import { moveCustomer } from '#lib/domain/customers/customer.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { Customers } from '#lib/store/customers/customers.ts';
import type { contract } from './contract.ts';

type Needs = { customers: Pick<Customers, 'find' | 'change'>; settingsOf: SettingsOf; now: () => Date };

/**
 * Deletes a customer. The answer is the same for a customer that is deleted already and for an unknown id: an offline client
 * repeats the request until it gets an answer.
 */
export const deleteCustomer =
  ({ customers, settingsOf, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const [settings, stored] = await Promise.all([settingsOf(scope), customers.find(id, scope)]);
    if (stored !== null) {
      const after = moveCustomer(stored.customer, 'deleted', now());
      await customers.change({ stored, after }, { settings, action: 'delete-customer' }, scope);
    }
    return ok({ _id: id, state: 'deleted' as const });
  };
