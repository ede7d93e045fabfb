import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { unmergeCustomers } from '#lib/domain/duplicates/merge.ts';
import { requireHere } from '#lib/domain/rights/archive.ts';
import { customerNotFound, heldByLaw, nothingToUndo } from '#lib/domain/refusals.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { Customers } from '#lib/store/customers/customers.ts';
import type { Merges } from '#lib/store/duplicates/merges.ts';
import type { contract } from './contract.ts';

type Needs = {
  customers: Pick<Customers, 'find' | 'change'>;
  merges: Pick<Merges, 'findUndo' | 'dropUndo' | 'consentsToTakeBack' | 'sumsOfUnmerge'>;
  settingsOf: SettingsOf;
  /** Tries the staged writes and rolls them back. */
  rehearse: (scope: BusinessScope) => Promise<void>;
  now: () => Date;
};

/** Undoes a merge: restores the loser, and takes back from the survivor the values that have not changed since. */
export const unmergeCustomer =
  ({ customers, merges, settingsOf, rehearse, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, body: { loserId, dryRun } }, scope) => {
    const [settings, survivor, loser] = await Promise.all([
      settingsOf(scope),
      customers.find(id, scope),
      customers.find(loserId, scope),
    ]);
    if (survivor === null || loser === null) throw customerNotFound();
    if (survivor.isHeld || loser.isHeld) throw heldByLaw();
    for (const one of [survivor, loser]) requireHere(one);
    const at = now();
    const undo = await merges.findUndo({ survivor, loser }, at, scope);
    if (undo === null) throw nothingToUndo();
    const before = { survivor: survivor.customer, loser: loser.customer };
    const { given } = undo;
    const { returned, kept, ...after } = unmergeCustomers(before, { given, restoreTo: loser.restoreTo }, at);
    const consents = await merges.consentsToTakeBack({ survivor, loser }, at, scope);
    const sums = await merges.sumsOfUnmerge({ survivorId: id, loserId }, scope);
    // The survivor is written first, because the loser gets back its email and phone.
    await customers.change(
      { stored: survivor, after: after.survivor },
      { settings, action: 'unmerge-customer', releases: loser, consents, sums: sums.survivor },
      scope,
    );
    // The survivor keeps a value that both of them have.
    const fields = (['email', 'phone'] as const).filter(
      (field) => after.survivor[field] !== after.loser[field],
    );
    const previousHolder = { id, fields };
    await customers.change(
      { stored: loser, after: after.loser },
      { settings, action: 'unmerged-from', event: 'customer-unmerged', previousHolder, sums: sums.loser },
      scope,
    );
    merges.dropUndo({ survivor, loser }, undo, scope);
    if (dryRun) await rehearse(scope);
    return ok({
      customer: toCustomerDto(after.survivor),
      restored: toCustomerDto(after.loser),
      returned: [...returned],
      kept: [...kept],
    });
  };
