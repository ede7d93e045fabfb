import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import { changedFields, type Customer, stateOf, writtenStateOf } from '#lib/domain/customers/customer.ts';
import { type CustomerState, isLive } from '#lib/domain/customers/customer-state.ts';
import { requireMayDelete } from '#lib/domain/customers/deletion.ts';
import { requireUnmerge } from '#lib/domain/duplicates/merge.ts';
import type { CustomerEventType } from '#lib/domain/messages/customer-event.ts';
import { asksForRecall } from '#lib/domain/rights/archive.ts';
import { keyUseAfterChange, keyUseAfterMerge } from '#lib/privacy/key-use.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import type { Write } from '#lib/store/database/write.ts';
import { recordEntry } from '#lib/store/histories/record-entry.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import { announce, type Happening } from '#lib/store/messages/outbox.ts';
import { stagePurgeDate } from '#lib/store/retention/purge-date.ts';
import { hasKeys, type Parts, partsAfter, withAbsorbed } from './absorbed.ts';
import { type PreviousHolder, refusalOfDuplicate, refuseDuplicateWhilePending } from './claims.ts';
import { type ConsentsToAdd, standingAfter } from './consent-standing.ts';
import { documentChanges } from './document.ts';
import { headBefore, unchangedLink } from './link-before.ts';
import { preferencesAfterMerge } from './merged-preferences.ts';
import { mirrorAfter } from './link.ts';
import type { LinkRecord, StoredCustomer } from './reader.ts';
import { stageRecall } from './recall.ts';
import type { SumsChange } from './merged-sums.ts';

/** The settings that apply to a change, and what its history entry, its event and the link say about it. */
export type Change = Readonly<{
  settings: BusinessSettings;
  /** The use case, for example `change-customer`. */
  action: string;
  reason?: string | undefined;
  /** The event for other services: by default, that the state or other fields changed. */
  event?: CustomerEventType;
  /** The customer that this one is merged into. */
  mergedInto?: string;
  /** Another customer, changed by the same request, that gives up its email or phone. */
  previousHolder?: PreviousHolder;
  /** The loser of a merge: from now on, what it is found by leads to this customer. */
  absorbs?: StoredCustomer;
  /** The loser of a merge that is undone: what it is found by leads to itself again. */
  releases?: StoredCustomer;
  /** The consents that the change adds. */
  consents?: ConsentsToAdd;
  /** What a merge does to the sums of orders and payments, and what they must still be. */
  sums?: SumsChange;
}>;

/**
 * Stages the change of a customer to a new version, with its history entry and its event; nothing when both are the same
 * object. The filter names the version, state and history head that were read, so no other change is lost. The head also
 * changes when the customer is re-encrypted.
 * @throws Refusal `not-permitted`, `illegal-transition`, `duplicate-email`, `duplicate-phone`
 */
export const changeCustomer = async (
  { stored, after }: { stored: StoredCustomer; after: Customer },
  change: Change,
  scope: BusinessScope,
): Promise<void> => {
  const { customer: before, link, keys } = stored;
  if (after === before) return;
  const { settings, action, reason, event, previousHolder } = change;
  requireMayDelete({ before, after }, scope);
  const own = mirrorAfter({ before, after }, { keys, settings, keyUse: link.keyUse ?? '' });
  await refuseDuplicateWhilePending({ customerId: after.id, settings, previousHolder }, own, scope);
  const parts = partsAfter(stored, change);
  const mirror = withAbsorbed(own, { before, after, parts, settings, keys });
  if (event !== 'customer-unmerged')
    requireUnmerge({ before, after, isMerged: link.mergedInto !== undefined });
  const standing = await standingAfter({ stored, after, consents: change.consents }, scope);
  const [from, to] = [stateOf(before), stateOf(after)];
  const preferences = await preferencesAfterMerge(stored, change, scope);
  const fields = [...changedFields(before, after), ...preferences.fields];
  const newEntry = {
    customerId: after.id,
    action,
    at: after.updatedAt,
    fields,
    ...(from !== to && { from, to }),
    ...(reason !== undefined && { reason }),
  };
  const head = await readWithKeys(scope, () =>
    recordEntry(
      { newEntry, after: { state: to, version: after.version } },
      headBefore(stored, scope.businessId),
      { scope, by: scope, keys },
    ),
  );
  stage(
    scope,
    linkUpdate(
      { stored, after, parts },
      { ...mirror, ...head, ...standing, ...preferences.set },
      { businessId: scope.businessId, ...change },
    ),
    refusalOfDuplicate(after.id, mirror, scope),
  );
  stage(scope, {
    update: 'customer',
    filter: { _id: link.customerId, __v: before.version },
    change: { $set: documentChanges(before, after, keys) },
  });
  if (isLive(from) && !isLive(to)) stagePurgeDate(after, settings.retentionDays, scope);
  if (stored.isAway && asksForRecall({ from, to })) stageRecall(stored, scope);
  const survivorId =
    change.mergedInto === undefined ? link.mergedInto : new Types.ObjectId(change.mergedInto);
  announce(
    {
      ...{ customer: after, at: after.updatedAt, seq: head.auditSeq, fields },
      ...happened({ event, from, to, survivorId }),
    },
    scope,
  );
};

type Moved = Readonly<{
  event: CustomerEventType | undefined;
  from: CustomerState;
  to: CustomerState;
  survivorId: Types.ObjectId | undefined;
}>;

/** The event of a change: of its state, if that changed, beside whatever else. A merge and its undo have events of their own. */
const happened = ({ event, from, to, survivorId }: Moved): Pick<Happening, 'type' | 'about'> => {
  if (event !== undefined) return { type: event, about: survivorId && { survivorId } };
  return from === to ? { type: 'customer-changed' } : { type: 'customer-state-changed', about: { from, to } };
};

const linkUpdate = (
  { stored, after, parts }: { stored: StoredCustomer; after: Customer; parts: Parts },
  fields: Partial<LinkRecord>,
  {
    businessId,
    mergedInto,
    absorbs,
    sums,
  }: { businessId: string } & Pick<Change, 'mergedInto' | 'absorbs' | 'sums'>,
): Write => {
  const { customer: before, link, keys } = stored;
  const [from, to] = [stateOf(before), stateOf(after)];
  const isDeletion = isLive(from) && !isLive(to);
  const isRestoration = !isLive(from) && isLive(to);
  // Without an address of its own, a customer is found by that of one it has absorbed.
  const isLent = (field: 'email' | 'phone'): boolean =>
    after[field] === null && hasKeys(parts.after, `${field}Keys`);
  return {
    update: 'customer_link',
    filter: { ...unchangedLink(stored, businessId), ...sums?.unchanged },
    change: {
      $set: {
        ...fields,
        ...sums?.set,
        keyUse:
          absorbs === undefined
            ? keyUseAfterChange(link.keyUse ?? '', keys)
            : keyUseAfterMerge([link.keyUse ?? '', absorbs.link.keyUse ?? ''], keys),
        ...(parts.after !== parts.before && parts.after.length > 0 && { absorbed: [...parts.after] }),
        ...(isLent('email') && { lentEmail: true as const }),
        ...(isLent('phone') && { lentPhone: true as const }),
        ...(isDeletion && { restoreTo: writtenStateOf(before) }),
        ...(mergedInto !== undefined && { mergedInto: new Types.ObjectId(mergedInto) }),
      },
      ...unset({
        emailKeys: after.email === null && !hasKeys(parts.after, 'emailKeys'),
        phoneKeys: after.phone === null && !hasKeys(parts.after, 'phoneKeys'),
        absorbed: parts.before.length > 0 && parts.after.length === 0,
        lentEmail: parts.before.length > 0 && !isLent('email'),
        lentPhone: parts.before.length > 0 && !isLent('phone'),
        restoreTo: isRestoration,
        purgeAfter: isRestoration,
        mergedInto: isRestoration,
        ...Object.fromEntries((sums?.unset ?? []).map((name) => [name, true])),
      }),
    },
  };
};

const unset = (fields: Readonly<Record<string, boolean>>): { $unset?: Readonly<Record<string, ''>> } => {
  const names = Object.keys(fields).filter((name) => fields[name] === true);
  return names.length === 0 ? {} : { $unset: Object.fromEntries(names.map((name) => [name, '' as const])) };
};
