import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { created, ok, type UseCase } from '#lib/contract/route.ts';
import { newCustomer, repeatCreate } from '#lib/domain/customers/customer.ts';
import { idTaken } from '#lib/domain/refusals.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { Customers } from '#lib/store/customers/customers.ts';
import type { contract } from './contract.ts';

type Needs = { customers: Customers; settingsOf: SettingsOf; now: () => Date };

/**
 * Creates a customer. An offline client chooses the id and repeats the request until it gets an answer: the same body
 * changes nothing, and another body for the same id is an edit that was made offline.
 */
export const createCustomer =
  ({ customers, settingsOf, now }: Needs): UseCase<typeof contract> =>
  async ({ body: { _id: id, ...sent } }, scope) => {
    const { firstName, lastName, phone, email, note, customerType, state, stateHistory } = sent;
    const fields = { firstName, lastName, phone, email, note, customerType, state, stateHistory };
    const settings = await settingsOf(scope);
    const rules = { at: now(), settings };
    if (id !== undefined) {
      const [stored, isErased] = await Promise.all([
        customers.find(id, scope),
        customers.isErased(id, scope),
      ]);
      if (isErased) throw idTaken();
      if (stored !== null) {
        if (await customers.wasCreatedFrom(stored, fields, scope)) return ok(toCustomerDto(stored.customer));
        if (stored.isMerged) {
          const change = { fields, ...rules, action: 'create-customer' };
          const survivor = await customers.changeSurvivor(stored, change, scope);
          if (survivor === null) throw idTaken();
          return ok(toCustomerDto(survivor));
        }
        const after = repeatCreate(stored.customer, fields, rules);
        await customers.change({ stored, after }, { settings, action: 'create-customer' }, scope);
        return ok(toCustomerDto(after));
      }
    }
    const customer = newCustomer(id ?? customers.newId(), fields, rules);
    await customers.add(customer, { settings, body: fields }, scope);
    return created(toCustomerDto(customer));
  };
