import { type CustomerFields, newCustomer } from '#lib/domain/customer.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/settings.ts';
import { addCustomer, newId } from '#lib/store/customers.ts';
import { commit } from '#lib/store/unit-of-work.ts';
import { aScope } from './a-scope.ts';
import { learnPersonal } from './leak-watch.ts';

const AT_ONCE = 100;

/** What the customer with this index is; `at` is when it was created, now unless given. */
type Draft = (index: number) => CustomerFields & Readonly<{ id?: string; at?: Date }>;

/** Adds so many customers as the use case would, a hundred in each transaction; gives their ids in order. */
export const addMany = async (businessId: string, count: number, draft: Draft): Promise<string[]> => {
  const ids: string[] = [];
  for (let first = 0; first < count; first += AT_ONCE) {
    const scope = aScope(businessId);
    for (let index = first; index < Math.min(count, first + AT_ONCE); index += 1) {
      const { id = newId(), at = new Date(), ...fields } = draft(index);
      learnPersonal(fields);
      const customer = newCustomer(
        id,
        { customerType: 'new', ...fields },
        { at, settings: DEFAULT_SETTINGS },
      );
      await addCustomer(customer, { settings: DEFAULT_SETTINGS, body: fields }, scope);
      ids.push(id);
    }
    await commit(scope);
  }
  return ids;
};
