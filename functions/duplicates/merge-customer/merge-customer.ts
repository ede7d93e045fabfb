import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { daysKept, mergeCustomers, requireTwo, undoUntil } from '#lib/domain/duplicates/merge.ts';
import { requireHere } from '#lib/domain/rights/archive.ts';
import { customerNotFound, heldByLaw, requireVersion } from '#lib/domain/refusals.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { Customers } from '#lib/store/customers/customers.ts';
import type { Merges } from '#lib/store/duplicates/merges.ts';
import type { contract } from './contract.ts';

type Needs = {
  customers: Pick<Customers, 'find' | 'change'>;
  merges: Pick<Merges, 'recordUndo' | 'consentsToCopy' | 'sumsOfMerge'>;
  settingsOf: SettingsOf;
  /** Tries the staged writes and rolls them back. */
  rehearse: (scope: BusinessScope) => Promise<void>;
  now: () => Date;
};

/** Merges another customer into this one, and keeps an undo record for 30 days. */
export const mergeCustomer =
  ({ customers, merges, settingsOf, rehearse, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, body: { loserId, fields = {}, reason, dryRun }, ifMatch }, scope) => {
    requireTwo(id, loserId);
    const [settings, survivor, loser] = await Promise.all([
      settingsOf(scope),
      customers.find(id, scope),
      customers.find(loserId, scope),
    ]);
    if (survivor === null || loser === null) throw customerNotFound();
    requireVersion(survivor.customer, ifMatch);
    if (survivor.isHeld || loser.isHeld) throw heldByLaw();
    for (const one of [survivor, loser]) requireHere(one);
    const at = now();
    const before = { survivor: survivor.customer, loser: loser.customer };
    const { given, ...after } = mergeCustomers(before, fields, { at, settings });
    const sums = await merges.sumsOfMerge({ survivorId: id, loserId }, scope);
    // The loser is written first, because the survivor may get its email and phone.
    await customers.change(
      { stored: loser, after: after.loser },
      {
        settings: { ...settings, retentionDays: daysKept(settings.retentionDays) },
        action: 'merged-into',
        event: 'customer-merged',
        mergedInto: id,
        sums: sums.loser,
        reason,
      },
      scope,
    );
    const previousHolder = { id: loserId, fields: ['email', 'phone'] };
    const consents = await merges.consentsToCopy({ survivor, loser }, at, scope);
    await customers.change(
      { stored: survivor, after: after.survivor },
      {
        settings,
        action: 'merge-customer',
        previousHolder,
        absorbs: loser,
        consents,
        sums: sums.survivor,
        reason,
      },
      scope,
    );
    merges.recordUndo({ survivor, loser }, { given, at }, scope);
    if (dryRun) await rehearse(scope);
    return ok({
      customer: toCustomerDto(after.survivor),
      loser: { _id: loserId, state: 'deleted' as const },
      taken: given.map(({ field }) => field),
      dryRun,
      undoUntil: undoUntil(at).toISOString(),
    });
  };
