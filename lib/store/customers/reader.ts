import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import type { WrittenState } from '#lib/domain/customers/customer-state.ts';
import { type PhoneText, phoneTextOf } from '#lib/domain/spelling/phone-digits.ts';
import { meantNumbers } from '#lib/domain/spelling/phone-forms.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import { askedPhoneKeys, emailKeys } from '#lib/privacy/blind-index.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { connect } from '#lib/store/database/connection.ts';
import { readAbsorbed } from './absorbed.ts';
import { type LeanCustomer, toCustomer } from './document.ts';
import { ownerByOrders } from './named-by-orders.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { keysOf, readWithKeys } from '#lib/store/keys/request-keys.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';

/** The fields of a link that a change of its customer needs. */
export const LINK_FIELDS = {
  customerId: 1,
  restoreTo: 1,
  legalHold: 1,
  heldSince: 1,
  holdReason: 1,
  away: 1,
  mergedInto: 1,
  absorbed: 1,
  auditSeq: 1,
  auditHead: 1,
  auditSeal: 1,
  bodyDigest: 1,
  granted: 1,
  refused: 1,
  preferences: 1,
  keyUse: 1,
} as const;

/** The part of a link that a change of its customer needs. */
export type LinkRecord = Pick<CustomerLinkDocument, keyof typeof LINK_FIELDS>;

/** Joins each link's customer to it, as the only entry of a list. */
export const CUSTOMER_LOOKUP = {
  $lookup: { from: 'customer', localField: 'customerId', foreignField: '_id', as: 'customer' },
} as const;

/** Opens the customers that were joined to links, in the order of the links. */
export const openLinked = (
  links: readonly Readonly<{ customer: readonly LeanCustomer[] }>[],
  scope: BusinessScope,
): Promise<Customer[]> =>
  readWithKeys(scope, (keys) =>
    links.flatMap(({ customer }) => customer.map((document) => toCustomer(document, keys))),
  );

/** A customer of the caller's business as this request read it. A change is made from this value. */
export type StoredCustomer = Readonly<{
  customer: Customer;
  /** The live state it was deleted from; `active` when it never had one. */
  restoreTo: WrittenState;
  /** Whether it must be kept for a court or an authority. */
  isHeld: boolean;
  /** Whether a part of it is in the archive. */
  isAway: boolean;
  /** Whether it was merged into another customer. */
  isMerged: boolean;
  /** What the filter of a change must name. */
  link: LinkRecord;
  /** The keys it was opened with. The same request writes with them. */
  keys: BusinessKeys;
}>;

type LinkField = keyof CustomerLinkDocument;

/** Which link is read, and which of its fields: each field makes every read a little slower. */
type LinkQuery<Field extends LinkField> = Readonly<{
  match: object;
  newestFirst?: readonly { $sort: { createdKey: -1 } }[];
  fields: Readonly<Record<Field, 1>>;
}>;

type Row<Field extends LinkField> = Pick<CustomerLinkDocument, Field> & { customer: LeanCustomer[] };

/** Reads one customer through its link to the caller's business, in one round trip. */
const readThroughLink = async <Field extends LinkField>(
  { match, newestFirst = [], fields }: LinkQuery<Field>,
  scope: BusinessScope,
): Promise<Readonly<{ row: Row<Field>; customer: Customer; keys: BusinessKeys }> | null> => {
  const [row] = await guardedAggregate<Row<Field>>(
    await connect(),
    'customer_link',
    [
      { $match: { businessId: new Types.ObjectId(scope.businessId), ...match } },
      ...newestFirst,
      { $limit: 1 },
      { $project: { _id: 0, ...fields } },
      CUSTOMER_LOOKUP,
    ],
    { scope },
  );
  const document = row?.customer[0];
  if (row === undefined || document === undefined) return null;
  return await readWithKeys(scope, (keys) => ({ row, customer: toCustomer(document, keys), keys }));
};

const byId = (id: string): object => ({ customerId: new Types.ObjectId(id) });

/**
 * A customer of the caller's business by id, with everything that a change of it needs; null for an unknown id and for the
 * id of another business's customer.
 */
export const findCustomer = async (id: string, scope: BusinessScope): Promise<StoredCustomer | null> => {
  const read = await readThroughLink({ match: byId(id), fields: LINK_FIELDS }, scope);
  if (read === null) return null;
  const { row, customer, keys } = read;
  const { customer: _, ...link } = row;
  return toStored({ link, customer, keys });
};

/** A customer with its link, as a lean read returned that. */
export const toStored = ({
  link,
  customer,
  keys,
}: Pick<StoredCustomer, 'link' | 'customer' | 'keys'>): StoredCustomer => ({
  customer,
  keys,
  restoreTo: link.restoreTo ?? 'active',
  isHeld: link.legalHold === true,
  isAway: link.away === true,
  isMerged: link.mergedInto !== undefined,
  link: {
    ...link,
    auditHead: bytesOf(link.auditHead),
    ...(link.bodyDigest && { bodyDigest: bytesOf(link.bodyDigest) }),
    ...(link.absorbed && { absorbed: [...readAbsorbed(link.absorbed)] }),
  },
});

/**
 * Does nothing if the caller's business has this customer. It reads what a change would read, so both refusals cost the same.
 * @throws Refusal `customer-not-found` for an unknown id and for the id of another business's customer
 */
export const requireKnown = async (id: string, scope: BusinessScope): Promise<void> => {
  if ((await findCustomer(id, scope)) === null) throw customerNotFound();
};

/** How many merges are followed from one customer to the next. */
export const MOST_MERGES = 100;

const SHOWN_LINK_FIELDS = { customerId: 1, mergedInto: 1 } as const;

/**
 * A customer for display or, if it was merged into another one, that customer. Each merge costs one more round trip. Null
 * for an unknown id and for the id of another business's customer, unless an order of this business had it: then the customer of
 * that order.
 */
export const findSurvivor = async (id: string, scope: BusinessScope): Promise<Customer | null> => {
  const read = (one: string) => readThroughLink({ match: byId(one), fields: SHOWN_LINK_FIELDS }, scope);
  let found = await read(id);
  if (found === null) {
    const owner = await ownerByOrders(id, scope);
    found = owner === null ? null : await read(owner);
  }
  for (let merges = 0; found?.row.mergedInto !== undefined && merges < MOST_MERGES; merges += 1)
    found = await read(found.row.mergedInto.toHexString());
  return found?.customer ?? null;
};

/** The live customer of the caller's business with this email: the newest one if several have it, null if none has. */
export const findLiveByEmail = async (email: string, scope: BusinessScope): Promise<Customer | null> =>
  readLive({ emailKeys: { $in: emailKeys(await keysOf(scope), email) } }, scope);

/**
 * The live customer of the caller's business with this phone, likewise: a number with its country code, or a national one
 * of the business's country. Digits without `+` or 00 cost one more round trip when they are not a national number that a
 * customer has, but may be an international one.
 */
export const findLiveByPhone = async (phone: string, scope: BusinessScope): Promise<Customer | null> => {
  const text = phoneTextOf(phone);
  const { first, otherwise } = meantNumbers(text, await countryFor(text, scope));
  for (const numbers of [first, otherwise]) {
    if (numbers.length === 0) continue;
    const keys = askedPhoneKeys(await keysOf(scope), numbers);
    const found = await readLive({ phoneKeys: { $in: keys } }, scope);
    if (found !== null) return found;
  }
  return null;
};

/** The country in which a phone is read. One with `+` or 00 needs none, and no settings are read for it. */
const countryFor = async ({ isInternational }: PhoneText, scope: BusinessScope): Promise<string> =>
  isInternational ? '' : (await settingsOf(scope)).defaultCountry;

const readLive = async (match: object, scope: BusinessScope): Promise<Customer | null> => {
  const read = await readThroughLink(
    {
      match: { ...match, state: { $ne: 'deleted' } },
      newestFirst: [{ $sort: { createdKey: -1 } }],
      fields: { customerId: 1 },
    },
    scope,
  );
  return read?.customer ?? null;
};
