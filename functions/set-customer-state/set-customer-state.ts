import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { moveCustomer } from '#lib/domain/customer.ts';
import { customerNotFound, requireVersion } from '#lib/domain/refusals.ts';
import type { ChangePorts } from '#lib/store/change-ports.ts';
import type { contract } from './contract.ts';

export const setCustomerState =
  (needs: ChangePorts): UseCase<typeof contract> =>
  async ({ params: { id }, body: { state, reason }, ifMatch }, scope) => {
    const [settings, before] = await Promise.all([needs.settingsOf(scope), needs.findCustomer(id, scope)]);
    if (before === null) throw customerNotFound();
    requireVersion(before, ifMatch);
    const after = moveCustomer(before, state, needs.now());
    const change = { settings, action: 'set-customer-state', ...(reason !== undefined && { reason }) };
    await needs.changeCustomer({ before, after }, change, scope);
    return ok(toCustomerDto(after));
  };
