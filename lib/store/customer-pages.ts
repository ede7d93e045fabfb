import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { Customer, CustomerType } from '#lib/domain/customer.ts';
import type { CustomerState } from '#lib/domain/customer-state.ts';
import { connect } from './connection.ts';
import { type LeanCustomer, toCustomer } from './customer-document.ts';
import { askedBy } from './isolation/asked-by.ts';
import { readWithKeys } from './keys.ts';
import { timeKey } from './link-fields.ts';
import { BUSINESS_CUSTOMER_INDEX, type CustomerLinkDocument } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';
import { matchPhrase } from './phrase.ts';
import { countTombstones, findTombstones, type Tombstone } from './tombstones.ts';

/** Writes that were committed late may carry an earlier time: sync looks back this much further. */
const LATE_COMMIT_OVERLAP_MS = 5_000;

const KEY_OF_ORDER = {
  createdAt: 'createdKey',
  updatedAt: 'updatedKey',
  name: 'nameKey',
  lastName: 'nameKey',
  firstName: 'firstKey',
  id: 'customerId',
} as const;

/** Which customers, in which order, and which slice of them. */
export type PageQuery = Readonly<{
  page: number;
  pageSize: number;
  orderBy: keyof typeof KEY_OF_ORDER;
  orderDir: 'asc' | 'desc';
  phrase?: string | undefined;
  state?: CustomerState | undefined;
  customerType?: CustomerType | undefined;
  updatedSince?: Date | undefined;
}>;

/** A slice of the customers of a business; with `updatedSince`, the purged ones follow the others. */
export type Page = Readonly<{
  customers: readonly Customer[];
  purged: readonly Tombstone[];
  totalSize: number;
}>;

type Link = Pick<CustomerLinkDocument, 'customerId'>;
type Filter = Readonly<Record<string, unknown>>;

/** Reads one numbered page and the exact total. */
export const readPage = async (query: PageQuery, scope: BusinessScope): Promise<Page> => {
  const filter = await filterOf(query, scope);
  const since = sinceOf(query);
  const [links, living, purged] = await Promise.all([
    findLinks(filter, query, scope),
    countLinks(filter, scope),
    since === null || !includesPurged(query) ? 0 : countTombstones(since, scope),
  ]);
  const tombstones =
    since !== null && purged > 0
      ? await findTombstones(since, sliceAfter(query, living, links.length), scope)
      : [];
  return { customers: await readInOrder(links, scope), purged: tombstones, totalSize: living + purged };
};

const filterOf = async (query: PageQuery, scope: BusinessScope): Promise<Filter> => {
  const { phrase, state, customerType } = query;
  const since = sinceOf(query);
  return {
    businessId: new Types.ObjectId(scope.businessId),
    ...(state !== undefined && { state }),
    ...(customerType !== undefined && { customerType }),
    ...(since !== null && { updatedKey: { $gte: timeKey(since, '') } }),
    ...(phrase !== undefined && { $and: [...(await matchPhrase(phrase, scope))] }),
  };
};

const sinceOf = ({ updatedSince }: PageQuery): Date | null =>
  updatedSince === undefined ? null : new Date(Math.max(0, updatedSince.getTime() - LATE_COMMIT_OVERLAP_MS));

/** A tombstone has a state and nothing else to match. */
const includesPurged = ({ phrase, state, customerType }: PageQuery): boolean =>
  phrase === undefined && customerType === undefined && (state === undefined || state === 'deleted');

/** The part of the page that the tombstones fill, after the living. */
const sliceAfter = ({ page, pageSize }: PageQuery, living: number, found: number) => ({
  skip: Math.max(0, (page - 1) * pageSize - living),
  limit: pageSize - found,
});

const FIRST_ID = new Types.ObjectId('0'.repeat(24));
/** Sorts before and after every key. A sort needs a bound to be answered by the index alone on every engine. */
const EVERY_ID = { $gte: FIRST_ID };
const EVERY_KEY = { $gte: '' };

/**
 * In order of id, a planner may take the index that begins with the id, and walk the customers of every business.
 * A phrase or a sync has a narrower index of its own.
 */
const hintOf = ({ orderBy, phrase, updatedSince }: PageQuery): { hint?: string } =>
  orderBy === 'id' && phrase === undefined && updatedSince === undefined
    ? { hint: BUSINESS_CUSTOMER_INDEX }
    : {};

const findLinks = async (filter: Filter, query: PageQuery, scope: BusinessScope): Promise<Link[]> => {
  const key = KEY_OF_ORDER[query.orderBy];
  const bound = key === 'customerId' ? { customerId: EVERY_ID } : key in filter ? {} : { [key]: EVERY_KEY };
  const links = modelOf(await connect(), 'customer_link');
  return await links
    .find({ ...filter, ...bound })
    .select({ _id: 0, customerId: 1 })
    .sort({ [key]: query.orderDir === 'asc' ? 1 : -1 })
    .skip((query.page - 1) * query.pageSize)
    .limit(query.pageSize)
    .setOptions(askedBy(scope))
    .setOptions(hintOf(query))
    .lean<Link[]>();
};

const countLinks = async (filter: Filter, scope: BusinessScope): Promise<number> =>
  await modelOf(await connect(), 'customer_link')
    .countDocuments(filter)
    .setOptions(askedBy(scope));

const readInOrder = async (links: readonly Link[], scope: BusinessScope): Promise<Customer[]> => {
  if (links.length === 0) return [];
  const customers = modelOf(await connect(), 'customer');
  const documents = await customers
    .find({ _id: { $in: links.map(({ customerId }) => customerId) } })
    .setOptions(askedBy(scope))
    .batchSize(links.length)
    .lean<LeanCustomer[]>();
  const byId = new Map(documents.map((document) => [document._id.toHexString(), document]));
  return await readWithKeys(scope, (keys) =>
    links.flatMap(({ customerId }) => {
      const document = byId.get(customerId.toHexString());
      return document === undefined ? [] : [toCustomer(document, keys)];
    }),
  );
};
