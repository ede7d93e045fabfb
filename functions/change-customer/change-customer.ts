import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { changeCustomer as changed } from '#lib/domain/customer.ts';
import { customerNotFound, requireVersion } from '#lib/domain/refusals.ts';
import type { ChangePorts } from '#lib/store/change-ports.ts';
import type { contract } from './contract.ts';

export const changeCustomer =
  (needs: ChangePorts): UseCase<typeof contract> =>
  async ({ params: { id }, body, ifMatch }, scope) => {
    const [settings, before] = await Promise.all([needs.settingsOf(scope), needs.findCustomer(id, scope)]);
    if (before === null) throw customerNotFound();
    requireVersion(before, ifMatch);
    const after = changed(before, body, { at: needs.now(), settings });
    await needs.changeCustomer({ before, after }, { settings, action: 'change-customer' }, scope);
    return ok(toCustomerDto(after));
  };
