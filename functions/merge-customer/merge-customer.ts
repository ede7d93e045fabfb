import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { mergeCustomers, requireTwo, undoUntil } from '#lib/domain/merge.ts';
import { customerNotFound, heldByLaw, requireVersion } from '#lib/domain/refusals.ts';
import type { MergePorts } from '#lib/store/merges.ts';
import type { contract } from './contract.ts';

export const mergeCustomer =
  (needs: MergePorts): UseCase<typeof contract> =>
  async ({ params: { id }, body: { loserId, fields = {}, reason, dryRun }, ifMatch }, scope) => {
    requireTwo(id, loserId);
    const [settings, survivor, loser] = await Promise.all([
      needs.settingsOf(scope),
      needs.findCustomer(id, scope),
      needs.findCustomer(loserId, scope),
    ]);
    if (survivor === null || loser === null) throw customerNotFound();
    requireVersion(survivor, ifMatch);
    if (needs.isHeld(loserId, scope)) throw heldByLaw();
    const at = needs.now();
    const before = { survivor, loser };
    const { given, ...after } = mergeCustomers(before, fields, { at, settings });
    await needs.saveMerge({ before, after, given }, { settings, reason }, scope);
    if (dryRun) await needs.rehearse(scope);
    return ok({
      customer: toCustomerDto(after.survivor),
      loser: { _id: loserId, state: 'deleted' as const },
      taken: given.map(({ field }) => field),
      dryRun,
      undoUntil: undoUntil(at).toISOString(),
    });
  };
