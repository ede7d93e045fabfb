import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { created, ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { changeCustomer, type Customer, newCustomer, stateOf } from '#lib/domain/customer.ts';
import { isLive } from '#lib/domain/customer-state.ts';
import { idTaken } from '#lib/domain/refusals.ts';
import type { ChangePorts } from '#lib/store/change-ports.ts';
import type { Addition } from '#lib/store/customers.ts';
import type { contract } from './contract.ts';

type Needs = ChangePorts & {
  isErased: (id: string, scope: BusinessScope) => Promise<boolean>;
  /** Whether a customer was created from this very body. */
  wasCreatedFrom: (customer: Customer, body: unknown, scope: BusinessScope) => Promise<boolean>;
  addCustomer: (customer: Customer, addition: Addition, scope: BusinessScope) => Promise<void>;
  newId: () => string;
};

export const createCustomer =
  (needs: Needs): UseCase<typeof contract> =>
  async ({ body }, scope) => {
    const { _id, firstName, lastName, phone, email, note, customerType, state, stateHistory } = body;
    const fields = { firstName, lastName, phone, email, note, customerType, state, stateHistory };
    const rules = { at: needs.now(), settings: await needs.settingsOf(scope) };
    if (_id !== undefined) {
      const [before, erased] = await Promise.all([
        needs.findCustomer(_id, scope),
        needs.isErased(_id, scope),
      ]);
      if (erased) throw idTaken();
      if (before !== null) return await again(before);
    }
    const customer = newCustomer(_id ?? needs.newId(), fields, rules);
    await needs.addCustomer(customer, { settings: rules.settings, body: fields }, scope);
    return created(toCustomerDto(customer));

    /** A lost answer is asked for again, or an offline edit comes with the id of a customer that is there already. */
    async function again(before: Customer) {
      if (await needs.wasCreatedFrom(before, fields, scope)) return ok(toCustomerDto(before));
      const visible = isLive(stateOf(before))
        ? fields
        : { ...fields, state: undefined, stateHistory: undefined };
      const after = changeCustomer(before, visible, rules);
      await needs.changeCustomer(
        { before, after },
        { settings: rules.settings, action: 'create-customer' },
        scope,
      );
      return ok(toCustomerDto(after));
    }
  };
