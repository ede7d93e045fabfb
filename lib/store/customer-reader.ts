import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { Customer } from '#lib/domain/customer.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import { bytesOf } from './bytes.ts';
import { connect } from './connection.ts';
import { type LeanCustomer, toCustomer } from './customer-document.ts';
import { guardedAggregate } from './isolation/guarded-aggregate.ts';
import { keysOf, readWithKeys } from './keys.ts';
import type { CustomerLinkDocument } from './models/customer-link.ts';

const LINK_FIELDS = {
  customerId: 1,
  relation: 1,
  restoreTo: 1,
  legalHold: 1,
  mergedInto: 1,
  auditSeq: 1,
  auditHead: 1,
  bodyDigest: 1,
  keyUse: 1,
} as const;

/** The part of a link that a change of its customer needs. */
export type LinkRecord = Pick<CustomerLinkDocument, keyof typeof LINK_FIELDS>;

/** Brings each link's customer with it, as the only entry of a list. */
export const CUSTOMER_LOOKUP = {
  $lookup: { from: 'customer', localField: 'customerId', foreignField: '_id', as: 'customer' },
} as const;

/** Opens the customers that came with links, in the order of the links. */
export const openLinked = (
  links: readonly Readonly<{ customer: readonly LeanCustomer[] }>[],
  scope: BusinessScope,
): Promise<Customer[]> =>
  readWithKeys(scope, (keys) =>
    links.flatMap(({ customer }) => customer.map((document) => toCustomer(document, keys))),
  );

/** The links this request has read: the proof that a customer belongs to its business. */
const readsOf = new WeakMap<BusinessScope, Map<string, LinkRecord>>();

const remember = (scope: BusinessScope, link: LinkRecord): void => {
  const reads = readsOf.get(scope) ?? new Map<string, LinkRecord>();
  reads.set(link.customerId.toHexString(), link);
  readsOf.set(scope, reads);
};

/** The link that this request read for a customer. To ask for one it never read is a defect. */
export const recordRead = (scope: BusinessScope, customerId: string): LinkRecord => {
  const link = readsOf.get(scope)?.get(customerId);
  if (link === undefined)
    throw new Error('A customer was about to be changed that this request has not read.');
  return link;
};

type LinkField = keyof CustomerLinkDocument;

/** What is asked of a link: no more than its reader needs, as each field costs every read a little. */
type Asked<Field extends LinkField> = Readonly<{
  match: object;
  newestFirst?: readonly { $sort: { createdKey: -1 } }[];
  fields: Readonly<Record<Field, 1>>;
}>;

type Row<Field extends LinkField> = Pick<CustomerLinkDocument, Field> & { customer: LeanCustomer[] };

/** One customer through the link of the caller's business, in one round trip. */
const readThroughLink = async <Field extends LinkField>(
  { match, newestFirst = [], fields }: Asked<Field>,
  scope: BusinessScope,
): Promise<Readonly<{ row: Row<Field>; customer: Customer }> | null> => {
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
  return { row, customer: await readWithKeys(scope, (keys) => toCustomer(document, keys)) };
};

const byId = (id: string): object => ({ customerId: new Types.ObjectId(id) });

/**
 * A customer of the caller's business by id, with what a change of it needs; null for an unknown id and for another
 * business's alike.
 */
export const findCustomer = async (id: string, scope: BusinessScope): Promise<Customer | null> => {
  const read = await readThroughLink({ match: byId(id), fields: LINK_FIELDS }, scope);
  if (read === null) return null;
  const { customer: _, ...link } = read.row;
  remember(scope, {
    ...link,
    auditHead: bytesOf(link.auditHead),
    ...(link.bodyDigest && { bodyDigest: bytesOf(link.bodyDigest) }),
  });
  return read.customer;
};

/** More merges of one person, one after the other, are not followed. */
const LONGEST_CHAIN = 100;

const SHOWN_LINK_FIELDS = { customerId: 1, mergedInto: 1 } as const;

/**
 * A customer to be shown; in place of one that was merged into another, that one: in one more round trip for each merge.
 * Null as `findCustomer` says.
 */
export const findSurvivor = async (id: string, scope: BusinessScope): Promise<Customer | null> => {
  const read = (one: string) => readThroughLink({ match: byId(one), fields: SHOWN_LINK_FIELDS }, scope);
  let found = await read(id);
  for (let merges = 0; found?.row.mergedInto !== undefined && merges < LONGEST_CHAIN; merges += 1)
    found = await read(found.row.mergedInto.toHexString());
  return found?.customer ?? null;
};

/** The live customer of the caller's business with this email, to be shown; the newest, where a setting allows several. */
export const findLiveByEmail = async (email: string, scope: BusinessScope): Promise<Customer | null> =>
  readLive({ emailKeys: { $in: emailKeys(await keysOf(scope), email) } }, scope);

/** Likewise by phone, in any formatting. */
export const findLiveByPhone = async (phone: string, scope: BusinessScope): Promise<Customer | null> =>
  readLive({ phoneKeys: { $in: phoneKeys(await keysOf(scope), phone) } }, scope);

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
