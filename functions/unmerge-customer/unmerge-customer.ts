import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { unmergeCustomers } from '#lib/domain/merge.ts';
import { customerNotFound, nothingToUndo } from '#lib/domain/refusals.ts';
import type { MergePorts } from '#lib/store/merges.ts';
import type { contract } from './contract.ts';

export const unmergeCustomer =
  (needs: MergePorts): UseCase<typeof contract> =>
  async ({ params: { id }, body: { loserId, dryRun } }, scope) => {
    const [settings, survivor, loser] = await Promise.all([
      needs.settingsOf(scope),
      needs.findCustomer(id, scope),
      needs.findCustomer(loserId, scope),
    ]);
    if (survivor === null || loser === null) throw customerNotFound();
    const at = needs.now();
    const before = { survivor, loser };
    const undo = await needs.findUndo(before, at, scope);
    if (undo === null) throw nothingToUndo();
    const { returned, kept, ...after } = unmergeCustomers(before, undo, at);
    await needs.saveUnmerge({ before, after, undone: { ...undo, returned } }, { settings }, scope);
    if (dryRun) await needs.rehearse(scope);
    return ok({
      customer: toCustomerDto(after.survivor),
      restored: toCustomerDto(after.loser),
      returned: [...returned],
      kept: [...kept],
    });
  };
