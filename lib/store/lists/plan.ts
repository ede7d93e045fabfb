import { Types } from 'mongoose';
import { hiddenFrom } from '#lib/domain/access/hidden-fields.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { CustomerType } from '#lib/domain/customers/customer-details.ts';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';
import { syncStart } from '#lib/domain/retention/sync-horizon.ts';
import { BUSINESS_CUSTOMER_INDEX, orderIndex } from '#lib/store/collections/customer-link.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import { timeKey } from '#lib/store/customers/link.ts';
import { openPosition, type Position } from './cursor.ts';
import { matchPhrase } from './phrase.ts';

const KEY_OF_ORDER = {
  createdAt: 'createdKey',
  updatedAt: 'updatedKey',
  name: 'nameKey',
  lastName: 'nameKey',
  firstName: 'firstKey',
  id: 'customerId',
} as const;

/** Which customers, in which order, and which slice of them: a numbered page, the page after a cursor, or the first. */
export type PageQuery = Readonly<{
  orderBy: keyof typeof KEY_OF_ORDER;
  orderDir: 'asc' | 'desc';
  phrase?: string | undefined;
  state?: CustomerState | undefined;
  customerType?: CustomerType | undefined;
  updatedSince?: Date | undefined;
  pageSize: number;
  page?: number | undefined;
  cursor?: string | undefined;
}>;

export type Filter = Readonly<Record<string, unknown>>;

/** How a page of a list is read: everything that can be worked out before the list itself is read. */
export type ListPlan = Readonly<{
  /** Identifies the list that a cursor belongs to: its filters, its order, and the fields hidden from the role. */
  name: string;
  /** Where a page by cursor starts; null for a numbered page. */
  start: Position | null;
  pageSize: number;
  /** How many links a numbered page skips. */
  skip: number;
  /** The link's unique sort key for the order. */
  key: (typeof KEY_OF_ORDER)[keyof typeof KEY_OF_ORDER];
  direction: 1 | -1;
  /** The filter of the whole list. */
  filter: Filter;
  /** The page's bound on the sort key. Some engines walk an index in its order only when it has a bound. */
  bound: Filter;
  /** The index with the links in the order of the list. */
  orderedIndex: string;
  /** The index for a search or a sync, in another order than the list's; null when there is none. */
  narrowIndex: string | null;
  /** Whether the index for the search has its links in the order of the list too. */
  isPhraseInOrder: boolean;
  /** Whether the filter uses only type and state, which one small index counts. */
  countsByTypeAndState: boolean;
  /** Customers purged since this time belong to the list; null when none do. */
  purgedSince: Date | null;
}>;

/**
 * Works out how a page is read.
 * @throws Refusal `invalid-request` for a cursor that is not of this list
 */
export const planList = async (query: PageQuery, scope: BusinessScope): Promise<ListPlan> => {
  const { orderBy, orderDir, phrase, state, pageSize, page = 1, cursor } = query;
  const key = KEY_OF_ORDER[orderBy];
  const since = sinceOf(query);
  const name = nameOf(query, scope);
  const start = cursor === undefined ? null : await openPosition(cursor, name, scope);
  const match = phrase === undefined ? null : await matchPhrase(phrase, scope);
  return {
    name,
    start,
    pageSize,
    skip: (page - 1) * pageSize,
    key,
    direction: orderDir === 'asc' ? 1 : -1,
    filter: filterOf(query, { since, conditions: match?.conditions }, scope),
    bound: boundOf(query, { since, after: start?.after ?? null }),
    orderedIndex: key === 'customerId' ? BUSINESS_CUSTOMER_INDEX : orderIndex(key, state && 'state'),
    narrowIndex: match?.index ?? (since === null ? null : indexOfSync(query)),
    isPhraseInOrder: phrase !== undefined && orderBy === 'createdAt',
    countsByTypeAndState: phrase === undefined && since === null,
    purgedSince: includesPurged(query) ? since : null,
  };
};

/** Increase it when the content of cursors changes its meaning. Older cursors are then refused. */
const CURSOR_LAYOUT = 1;

const nameOf = (query: PageQuery, { role }: BusinessScope): string => {
  const { orderBy, orderDir, phrase, state, customerType, updatedSince } = query;
  const filters = [phrase ?? null, state ?? null, customerType ?? null, updatedSince ?? null];
  return JSON.stringify([
    'customers',
    CURSOR_LAYOUT,
    KEY_OF_ORDER[orderBy],
    orderDir,
    ...filters,
    hiddenFrom(role),
  ]);
};

/** The time from which a sync reads; null for other lists. */
const sinceOf = ({ updatedSince }: PageQuery): Date | null =>
  updatedSince === undefined ? null : syncStart(updatedSince, new Date());

/** Whether the list includes purged customers. Their state is the only thing that a filter can match. */
const includesPurged = ({ phrase, state, customerType }: PageQuery): boolean =>
  phrase === undefined && customerType === undefined && (state === undefined || state === 'deleted');

const filterOf = (
  query: PageQuery,
  { since, conditions }: Readonly<{ since: Date | null; conditions: readonly Filter[] | undefined }>,
  scope: BusinessScope,
): Filter => {
  const { state, customerType } = query;
  return {
    businessId: new Types.ObjectId(scope.businessId),
    ...(state !== undefined && { state }),
    ...(customerType !== undefined && { customerType }),
    ...(since !== null && { updatedKey: { $gte: timeKey(since, '') } }),
    ...(conditions !== undefined && { $and: [...conditions] }),
  };
};

const indexOfSync = ({ orderBy, state }: PageQuery): string | null =>
  orderBy === 'updatedAt' ? null : orderIndex('updatedKey', state && 'state');

const boundOf = (
  query: PageQuery,
  { since, after }: Readonly<{ since: Date | null; after: string | null }>,
): Filter => {
  const key = KEY_OF_ORDER[query.orderBy];
  const isId = key === 'customerId';
  const updatedFrom = key === 'updatedKey' ? since : null;
  const beginning = isId ? FIRST_ID : updatedFrom === null ? '' : timeKey(updatedFrom, '');
  if (after === null) return { [key]: { $gte: beginning } };
  const last = isId ? new Types.ObjectId(after) : after;
  return { [key]: query.orderDir === 'asc' ? { $gt: last } : { $gte: beginning, $lt: last } };
};
