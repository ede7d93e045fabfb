import type { BusinessScope } from '#lib/domain/actor.ts';
import { connect } from './connection.ts';
import type { LeanCustomer } from './customer-document.ts';
import { CUSTOMER_LOOKUP } from './customer-reader.ts';
import { guardedAggregate } from './isolation/guarded-aggregate.ts';
import { type CustomerLinkDocument, TYPE_STATE_INDEX } from './models/customer-link.ts';
import type { ListSizes, Position } from './page-cursor.ts';
import {
  boundOf,
  type Filter,
  indexInOrder,
  keyOf,
  matchOf,
  type PageQuery,
  purgedSince,
} from './page-query.ts';
import { countTombstones } from './tombstones.ts';

/** As much of a link as a page reads: the key of the list's order; and its customer, as the only one of a list. */
export type LinkedCustomer = Partial<CustomerLinkDocument> & Readonly<{ customer: readonly LeanCustomer[] }>;

/** Where a page begins; null: at a page's number. */
export type Start = Position | null;

/**
 * Asks for the links of a page and one more, with their customers, and for how many the list has, which after its first
 * page is known. Both are under way when it answers: the customers can be opened while the database still counts.
 */
export const readLinks = async (query: PageQuery, start: Start, scope: BusinessScope) => {
  const { filter, narrowIndex } = await matchOf(query, scope);
  const find = (index: string | null): Promise<LinkedCustomer[]> =>
    start?.among === 'purged'
      ? Promise.resolve([])
      : findLinks({ ...filter, ...boundOf(query, start?.after ?? null) }, { query, index }, scope);
  const count = (): Promise<ListSizes> =>
    start === null ? countAll(query, filter, scope) : Promise.resolve(start.sizes);
  const counting = count();
  if (narrowIndex === null) return { counting, finding: find(indexInOrder(query)) };
  // Which index is the shorter way depends on how many there are.
  return { counting, finding: counting.then(({ living }) => find(indexFor(query, narrowIndex, living))) };
};

/** Links that a phrase or a sync finds and that may be sorted in memory. More of them stand close in the order's own index. */
const MOST_SORTED = 10_000;

/** Which index a phrase or a sync walks; null leaves it to the database: those of a phrase are in order of creation too. */
const indexFor = (query: PageQuery, narrowIndex: string, living: number): string | null => {
  if (living <= MOST_SORTED) return narrowIndex;
  return query.phrase !== undefined && query.orderBy === 'createdAt' ? null : indexInOrder(query);
};

const countAll = async (query: PageQuery, filter: Filter, scope: BusinessScope): Promise<ListSizes> => {
  const since = purgedSince(query);
  const [living, purged] = await Promise.all([
    countLinks(query, filter, scope),
    since === null ? 0 : countTombstones(since, scope),
  ]);
  return { living, purged };
};

/**
 * What is neither searched nor synced is counted on the index by type and state: it has few different keys, so that the
 * customers of a large business take a few pages there. A planner that is not told may read them one by one.
 */
const countLinks = async (query: PageQuery, filter: Filter, scope: BusinessScope): Promise<number> => {
  const isByTypeAndState = query.phrase === undefined && query.updatedSince === undefined;
  const [counted] = await guardedAggregate<{ n: number }>(
    await connect(),
    'customer_link',
    [{ $match: filter }, { $group: { _id: 1, n: { $sum: 1 } } }],
    { scope, ...(isByTypeAndState && { hint: TYPE_STATE_INDEX }) },
  );
  return counted?.n ?? 0;
};

/** How many a numbered page leaves behind it. */
export const skipped = ({ page = 1, pageSize }: PageQuery): number => (page - 1) * pageSize;

/**
 * Reads one link more than the page takes, and the customers in the same round trip. A planner that is not told the index
 * may walk the customers of every business, or all of this one.
 */
const findLinks = async (
  filter: Filter,
  { query, index }: { query: PageQuery; index: string | null },
  scope: BusinessScope,
): Promise<LinkedCustomer[]> => {
  const key = keyOf(query);
  const skip = skipped(query);
  const limit = query.pageSize + 1;
  return await guardedAggregate<LinkedCustomer>(
    await connect(),
    'customer_link',
    [
      { $match: filter },
      { $sort: { [key]: query.orderDir === 'asc' ? 1 : -1 } },
      ...(skip === 0 ? [] : [{ $skip: skip }]),
      { $limit: limit },
      { $project: { _id: 0, customerId: 1, [key]: 1 } },
      CUSTOMER_LOOKUP,
    ],
    { scope, most: limit, ...(index !== null && { hint: index }) },
  );
};
