import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { changeCustomer as changed, stateOf } from '#lib/domain/customer.ts';
import { isLive } from '#lib/domain/customer-state.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { customerNotFound, requireVersion } from '#lib/domain/refusals.ts';
import type { ChangePorts } from '#lib/store/change-ports.ts';
import type { contract } from './contract.ts';

export const patchCustomer =
  (needs: ChangePorts): UseCase<typeof contract> =>
  async ({ params: { id }, body, ifMatch }, scope) => {
    const [settings, before] = await Promise.all([needs.settingsOf(scope), needs.findCustomer(id, scope)]);
    if (before === null) throw customerNotFound();
    requireVersion(before, ifMatch);
    if (!isLive(stateOf(before))) {
      throw new Refusal('illegal-transition', 'The customer is deleted. Restore it first.');
    }
    const after = changed(before, body, { at: needs.now(), settings });
    await needs.changeCustomer({ before, after }, { settings, action: 'patch-customer' }, scope);
    return ok(toCustomerDto(after));
  };
