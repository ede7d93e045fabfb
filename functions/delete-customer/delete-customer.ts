import { ok, type UseCase } from '#lib/contract/route.ts';
import { moveCustomer } from '#lib/domain/customer.ts';
import type { ChangePorts } from '#lib/store/change-ports.ts';
import type { contract } from './contract.ts';

/** Idempotent, and the same answer for an id nobody has: an offline client sends it until it hears one. */
export const deleteCustomer =
  (needs: ChangePorts): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const [settings, before] = await Promise.all([needs.settingsOf(scope), needs.findCustomer(id, scope)]);
    if (before !== null) {
      const after = moveCustomer(before, 'deleted', needs.now());
      await needs.changeCustomer({ before, after }, { settings, action: 'delete-customer' }, scope);
    }
    return ok({ _id: id, state: 'deleted' as const });
  };
