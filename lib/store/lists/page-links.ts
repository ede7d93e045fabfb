import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type CustomerLinkDocument, TYPE_STATE_INDEX } from '#lib/store/collections/customer-link.ts';
import type { LeanCustomer } from '#lib/store/customers/document.ts';
import { CUSTOMER_LOOKUP } from '#lib/store/customers/reader.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { countTombstones } from '#lib/store/retention/tombstones.ts';
import type { ListSizes } from './cursor.ts';
import type { ListPlan } from './plan.ts';

/** The part of a link that a page reads: its sort key, and its customer as the only entry of a list. */
export type LinkedCustomer = Partial<CustomerLinkDocument> & Readonly<{ customer: readonly LeanCustomer[] }>;

/**
 * Starts to read a page's links and one more, with their customers, and to count the list, whose size is known after the
 * first page. Does not wait for either, so customers can be opened while the database still counts.
 */
export const readLinks = (plan: ListPlan, scope: BusinessScope) => {
  const counting = plan.start === null ? countAll(plan, scope) : Promise.resolve(plan.start.sizes);
  return { counting, finding: findLinks(plan, counting, scope) };
};

const countAll = async (plan: ListPlan, scope: BusinessScope): Promise<ListSizes> => {
  const [living, purged] = await Promise.all([
    countLinks(plan, scope),
    plan.purgedSince === null ? 0 : countTombstones(plan.purgedSince, scope),
  ]);
  return { living, purged };
};

/**
 * A list without search and sync is counted on the index by type and state. It has few different keys, so a large business
 * takes only a few pages of it. Without the hint, a planner may read the links one by one.
 */
const countLinks = async (
  { filter, countsByTypeAndState }: ListPlan,
  scope: BusinessScope,
): Promise<number> => {
  const [counted] = await guardedAggregate<{ n: number }>(
    await connect(),
    'customer_link',
    [{ $match: filter }, { $group: { _id: 1, n: { $sum: 1 } } }],
    { scope, ...(countsByTypeAndState && { hint: TYPE_STATE_INDEX }) },
  );
  return counted?.n ?? 0;
};

/** The most links of a search or a sync that are sorted in memory. If more match, they are close together in list order. */
const MOST_SORTED = 10_000;

/** The index that a page walks; null leaves the choice to the database. It depends on how many customers match. */
const indexFor = async (plan: ListPlan, counting: Promise<ListSizes>): Promise<string | null> => {
  const { narrowIndex, orderedIndex, isPhraseInOrder } = plan;
  if (narrowIndex === null) return orderedIndex;
  const { living } = await counting;
  if (living <= MOST_SORTED) return narrowIndex;
  return isPhraseInOrder ? null : orderedIndex;
};

/**
 * Reads one link more than the page shows, and the customers in the same round trip. Without a hint, a planner may walk
 * the customers of every business, or all of this one.
 */
const findLinks = async (
  plan: ListPlan,
  counting: Promise<ListSizes>,
  scope: BusinessScope,
): Promise<LinkedCustomer[]> => {
  if (plan.start?.among === 'purged') return [];
  const { filter, bound, key, direction, skip } = plan;
  const index = await indexFor(plan, counting);
  const limit = plan.pageSize + 1;
  return await guardedAggregate<LinkedCustomer>(
    await connect(),
    'customer_link',
    [
      { $match: { ...filter, ...bound } },
      { $sort: { [key]: direction } },
      ...(skip === 0 ? [] : [{ $skip: skip }]),
      { $limit: limit },
      { $project: { _id: 0, customerId: 1, [key]: 1 } },
      CUSTOMER_LOOKUP,
    ],
    { scope, most: limit, ...(index !== null && { hint: index }) },
  );
};
