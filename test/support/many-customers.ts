import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type CustomerFields, newCustomer } from '#lib/domain/customers/customer.ts';
import { type BusinessSettings, DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { addCustomer, newId } from '#lib/store/customers/add-customer.ts';
import { commit } from '#lib/store/database/unit-of-work.ts';
import { aScope } from './a-scope.ts';
import { learnPersonal } from './leak-watch.ts';

const AT_ONCE = 100;

/** The settings under which it was created; the usual ones by default. */
type Given = Readonly<{ settings?: BusinessSettings }>;
/** The customer with this index; `at` is when it was created, now by default. */
type Draft = (index: number) => CustomerFields & Given & Readonly<{ id?: string; at?: Date }>;

/** Adds customers as the use case would, all in one transaction. */
export const addTogether = async (
  drafts: readonly (CustomerFields & Given & Readonly<{ id: string; at: Date }>)[],
  scope: BusinessScope,
): Promise<void> => {
  for (const { id, at, settings = DEFAULT_SETTINGS, ...fields } of drafts) {
    const customer = newCustomer(id, { customerType: 'new', ...fields }, { at, settings });
    await addCustomer(customer, { settings, body: fields }, scope);
  }
  await commit(scope);
};

/** Adds customers as the use case would, a hundred in each transaction. Returns their ids in order. */
export const addMany = async (businessId: string, count: number, draft: Draft): Promise<string[]> => {
  const ids: string[] = [];
  for (let first = 0; first < count; first += AT_ONCE) {
    const length = Math.min(AT_ONCE, count - first);
    const drafts = Array.from({ length }, (_, index) => ({
      id: newId(),
      at: new Date(),
      ...draft(first + index),
    }));
    for (const { id: _id, at: _at, settings: _settings, ...fields } of drafts) learnPersonal(fields);
    await addTogether(drafts, aScope(businessId));
    ids.push(...drafts.map(({ id }) => id));
  }
  return ids;
};
