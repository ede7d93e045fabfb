import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { type Customer, moveCustomer, stateOf } from '#lib/domain/customer.ts';
import { isLive, type WrittenState } from '#lib/domain/customer-state.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { ChangePorts } from '#lib/store/change-ports.ts';
import type { contract } from './contract.ts';

type Needs = ChangePorts & {
  /** The live state a customer was deleted from; `active` when it never had one. */
  stateToRestore: (customer: Customer, scope: BusinessScope) => WrittenState;
};

export const restoreCustomer =
  (needs: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const [settings, before] = await Promise.all([needs.settingsOf(scope), needs.findCustomer(id, scope)]);
    if (before === null) throw customerNotFound();
    if (isLive(stateOf(before))) return ok(toCustomerDto(before));
    const after = moveCustomer(before, needs.stateToRestore(before, scope), needs.now());
    await needs.changeCustomer({ before, after }, { settings, action: 'restore-customer' }, scope);
    return ok(toCustomerDto(after));
  };
