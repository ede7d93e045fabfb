import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import { type Customer, stateOf } from '#lib/domain/customers/customer.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { requireMayDelete } from '#lib/domain/customers/deletion.ts';
import { keyUseOf } from '#lib/privacy/key-use.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { recordEntry } from '#lib/store/histories/record-entry.ts';
import { keysOf, readWithKeys } from '#lib/store/keys/request-keys.ts';
import { announce } from '#lib/store/messages/outbox.ts';
import { stagePurgeDate } from '#lib/store/retention/purge-date.ts';
import { addConsents, type FirstConsents } from './add-consents.ts';
import { isBodyDigest, sealBodyDigest } from './body-digest.ts';
import { refusalOfDuplicate, refuseDuplicateWhilePending } from './claims.ts';
import { toDocument } from './document.ts';
import { mirrorOf } from './link.ts';
import { noCounts } from '#lib/store/collections/customer-link.ts';
import type { StoredCustomer } from './reader.ts';

/** The settings that apply to a new customer, and the body that it is created from. */
export type Addition = Readonly<{
  settings: BusinessSettings;
  /** A sealed digest of it is stored, to recognise the same body when it is sent again. */
  body: unknown;
  /** What it means that the id, the email or the phone is taken, if it is not the refusal that is thrown otherwise. */
  onTaken?: (refusal: Error) => Error;
  /** What the customer has said already, for example in the file that it is imported from. */
  consents?: FirstConsents | undefined;
}>;

/** The fields of a new customer that have a value. */
const givenFields = (customer: Customer): readonly string[] => [
  ...(['firstName', 'lastName', 'phone', 'email', 'note'] as const).filter((name) => customer[name] !== null),
  'customerType',
  'state',
];

/**
 * Stages a new customer of the caller's business, with its link, its first history entry and its event.
 * @throws Refusal `not-permitted`, `duplicate-email`, `duplicate-phone` while a uniqueness rule is pending; otherwise the commit throws it
 */
export const addCustomer = async (
  customer: Customer,
  { settings, body, onTaken, consents }: Addition,
  scope: BusinessScope,
): Promise<void> => {
  requireMayDelete({ before: null, after: customer }, scope);
  const keys = await keysOf(scope);
  const mirror = mirrorOf(customer, { keys, settings });
  await refuseDuplicateWhilePending({ customerId: customer.id, settings }, mirror, scope);
  const document = toDocument(customer, keys);
  const refusalOf = refusalOfDuplicate(customer.id, mirror, scope);
  const onDuplicate = async (index: string): Promise<Error> => {
    const refusal = await refusalOf(index);
    return onTaken?.(refusal) ?? refusal;
  };
  stage(scope, { insertInto: 'customer', document }, onDuplicate);
  const fields = givenFields(customer);
  const newEntry = {
    customerId: customer.id,
    action: 'create-customer',
    at: customer.createdAt,
    fields,
    to: stateOf(customer),
  };
  const { state, version } = mirror;
  const head = recordEntry({ newEntry, after: { state, version } }, null, { scope, by: scope, keys });
  const created = { type: 'customer-created', customer, fields, seq: head.auditSeq } as const;
  announce({ ...created, at: customer.createdAt }, scope);
  const isUnique = (rule: BusinessSettings['uniqueEmail']): boolean => rule === true && isLive(mirror.state);
  const unshared = { email: isUnique(settings.uniqueEmail), phone: isUnique(settings.uniquePhone) };
  const said = consents && (await addConsents(customer, { ...consents, head, keys, unshared }, scope));
  const link = {
    _id: new Types.ObjectId(),
    businessId: new Types.ObjectId(scope.businessId),
    customerId: document._id,
    ...mirror,
    bodyDigest: sealBodyDigest(keys, customer.id, body),
    ...(said ?? head),
    ...noCounts(),
    keyUse: keyUseOf(keys),
  };
  stage(scope, { insertInto: 'customer_link', document: link }, onDuplicate);
  if (!isLive(mirror.state)) stagePurgeDate(customer, settings.retentionDays, scope);
};

/** Whether a customer was created from exactly this body. */
export const wasCreatedFrom = async (
  { customer, link: { bodyDigest } }: StoredCustomer,
  body: unknown,
  scope: BusinessScope,
): Promise<boolean> =>
  bodyDigest !== undefined &&
  (await readWithKeys(scope, (keys) => isBodyDigest(keys, { customerId: customer.id, bodyDigest }, body)));

/** Makes an id for a customer that was sent without one. */
export const newId = (): string => new Types.ObjectId().toHexString();
