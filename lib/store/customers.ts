import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { changedFields, type Customer, stateOf, writtenStateOf } from '#lib/domain/customer.ts';
import { isLive, type WrittenState } from '#lib/domain/customer-state.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { isMerged } from '#lib/domain/refusals.ts';
import type { BusinessSettings } from '#lib/domain/settings.ts';
import { keyUseAfterChange, keyUseOf } from '#lib/privacy/key-use.ts';
import { recordInAudit } from './audit.ts';
import { isBodyDigest, sealBodyDigest } from './body-digest.ts';
import { documentChanges, toDocument } from './customer-document.ts';
import { recordRead } from './customer-reader.ts';
import { keysOf, readWithKeys } from './keys.ts';
import { mirrorAfter, mirrorOf } from './link-fields.ts';
import { type Giver, refusalOfDuplicate, refuseTwinWhilePending } from './duplicates.ts';
import { announce, type EventType } from './outbox.ts';
import { retention } from './retention.ts';
import { stage } from './unit-of-work.ts';

/** A new customer with what its creation leaves behind. */
export type Addition = Readonly<{
  settings: BusinessSettings;
  /** What it was created from: the same body, sent again, is known by a sealed digest of it. */
  body: unknown;
}>;

/** A change with what the audit must say of it. */
export type Change = Readonly<{
  settings: BusinessSettings;
  action: string;
  reason?: string;
  /** How other services hear of it; `customer-changed` unless it is a merge. */
  event?: EventType;
  /** The customer that this one goes into. */
  mergedInto?: string;
  /** Another customer, changed by the same request, who gives up its email or phone. */
  giver?: Giver;
}>;

/** What was given of a new customer. */
const givenFields = (customer: Customer): readonly string[] => [
  ...(['firstName', 'lastName', 'phone', 'email', 'note'] as const).filter((name) => customer[name] !== null),
  'customerType',
  'state',
];

/** Stages a new customer of the caller's business. */
export const addCustomer = async (
  customer: Customer,
  addition: Addition,
  scope: BusinessScope,
): Promise<void> => {
  const keys = await keysOf(scope);
  const { settings, body } = addition;
  const mirror = mirrorOf(customer, { keys, settings });
  await refuseTwinWhilePending({ customerId: customer.id, settings }, mirror, scope);
  const businessId = new Types.ObjectId(scope.businessId);
  const document = toDocument(customer, keys);
  const onDuplicate = refusalOfDuplicate(customer.id, mirror, scope);
  stage(scope, { insertInto: 'customer', document }, onDuplicate);
  const head = await recordInAudit(
    scope,
    {
      customerId: customer.id,
      action: 'create-customer',
      at: customer.createdAt,
      fields: givenFields(customer),
      to: stateOf(customer),
    },
    { seq: 0, hash: null },
  );
  stage(
    scope,
    {
      insertInto: 'customer_link',
      document: {
        _id: new Types.ObjectId(),
        businessId,
        customerId: document._id,
        relation: 'owner',
        ...mirror,
        bodyDigest: sealBodyDigest(keys, customer.id, body),
        ...head,
        keyUse: keyUseOf(keys),
      },
    },
    onDuplicate,
  );
  if (!isLive(mirror.state)) stageRetention(customer, settings, scope);
  announce('customer-created', customer, scope);
};

/**
 * Stages what turns one into the other. Nothing is staged when they are the same object. The write's filter
 * names the version, state and history that were read in this request, so nobody's change is lost; the history is
 * another one too when the customer was re-encrypted meanwhile.
 */
export const changeCustomer = async (
  { before, after }: { before: Customer; after: Customer },
  change: Change,
  scope: BusinessScope,
): Promise<void> => {
  if (after === before) return;
  const link = recordRead(scope, before.id);
  if (link.relation === 'guest') throw new Refusal('not-permitted', 'A guest’s record can only be read.');
  const keys = await keysOf(scope);
  const { settings, action, reason, event = 'customer-changed', mergedInto, giver } = change;
  const keyUse = link.keyUse ?? '';
  const mirror = mirrorAfter({ before, after }, { keys, settings, keyUse });
  await refuseTwinWhilePending({ customerId: after.id, settings, giver }, mirror, scope);
  const [from, to] = [stateOf(before), stateOf(after)];
  const dies = isLive(from) && !isLive(to);
  const revives = !isLive(from) && isLive(to);
  if (revives && link.mergedInto !== undefined && event !== 'customer-unmerged') throw isMerged();
  const head = await recordInAudit(
    scope,
    {
      customerId: after.id,
      action,
      at: after.updatedAt,
      fields: changedFields(before, after),
      ...(from !== to && { from, to }),
      ...(reason !== undefined && { reason }),
    },
    { seq: link.auditSeq, hash: link.auditHead },
  );
  const onDuplicate = refusalOfDuplicate(after.id, mirror, scope);
  stage(
    scope,
    {
      update: 'customer_link',
      filter: {
        businessId: new Types.ObjectId(scope.businessId),
        customerId: link.customerId,
        version: before.version,
        state: from,
        auditHead: link.auditHead,
        // What is not written anew must still be what this says of it.
        ...(link.keyUse !== undefined && { keyUse: link.keyUse }),
      },
      change: {
        $set: {
          ...mirror,
          ...head,
          keyUse: keyUseAfterChange(keyUse, keys),
          ...(dies && { restoreTo: writtenStateOf(before) }),
          ...(mergedInto !== undefined && { mergedInto: new Types.ObjectId(mergedInto) }),
        },
        ...unset({
          emailKeys: after.email === null,
          phoneKeys: after.phone === null,
          restoreTo: revives,
          purgeAfter: revives,
          mergedInto: revives,
        }),
      },
    },
    onDuplicate,
  );
  stage(scope, {
    update: 'customer',
    filter: { _id: link.customerId, __v: before.version },
    change: { $set: documentChanges(before, after, keys) },
  });
  if (dies) stageRetention(after, settings, scope);
  announce(event, after, scope);
};

/** The live state a deleted customer was deleted from; `active` when it came in as deleted. */
export const stateToRestore = (customer: Customer, scope: BusinessScope): WrittenState =>
  recordRead(scope, customer.id).restoreTo ?? 'active';

/** Whether a customer that this request has read was created from this very body. */
export const wasCreatedFrom = async (
  customer: Customer,
  body: unknown,
  scope: BusinessScope,
): Promise<boolean> => {
  const { bodyDigest } = recordRead(scope, customer.id);
  if (bodyDigest === undefined) return false;
  return await readWithKeys(scope, (keys) =>
    isBodyDigest(keys, { customerId: customer.id, bodyDigest }, body),
  );
};

/** An id for a customer that came without one. */
export const newId = (): string => new Types.ObjectId().toHexString();

const unset = (fields: Readonly<Record<string, boolean>>): { $unset?: Readonly<Record<string, ''>> } => {
  const names = Object.keys(fields).filter((name) => fields[name] === true);
  return names.length === 0 ? {} : { $unset: Object.fromEntries(names.map((name) => [name, '' as const])) };
};

/** The database itself computes when a deleted customer may be purged: a Lambda's clock must not decide. */
const stageRetention = (customer: Customer, settings: BusinessSettings, scope: BusinessScope): void => {
  if (settings.retentionDays === null) return;
  stage(scope, {
    update: 'customer_link',
    filter: {
      businessId: new Types.ObjectId(scope.businessId),
      customerId: new Types.ObjectId(customer.id),
      version: customer.version,
    },
    change: { pipeline: retention(settings.retentionDays) },
  });
};
