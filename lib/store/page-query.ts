import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { CustomerType } from '#lib/domain/customer.ts';
import type { CustomerState } from '#lib/domain/customer-state.ts';
import { timeKey } from './link-fields.ts';
import { BUSINESS_CUSTOMER_INDEX, orderIndex } from './models/customer-link.ts';
import { matchPhrase } from './phrase.ts';

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

/** Which customers, and in which order. */
export type ListQuery = Readonly<{
  orderBy: keyof typeof KEY_OF_ORDER;
  orderDir: 'asc' | 'desc';
  phrase?: string | undefined;
  state?: CustomerState | undefined;
  customerType?: CustomerType | undefined;
  updatedSince?: Date | undefined;
}>;

/** And which slice of them: a numbered page, what follows a cursor, or the first. */
export type PageQuery = ListQuery &
  Readonly<{ pageSize: number; page?: number | undefined; cursor?: string | undefined }>;

/** The link's unique field that an order goes by. */
export const keyOf = ({ orderBy }: ListQuery) => KEY_OF_ORDER[orderBy];

/** The moment from which a sync reads; null for any other list. */
export const sinceOf = ({ updatedSince }: ListQuery): Date | null =>
  updatedSince === undefined ? null : new Date(Math.max(0, updatedSince.getTime() - LATE_COMMIT_OVERLAP_MS));

/** From when on purged ones belong to the list; null when none do: a tombstone has a state and nothing else to match. */
export const purgedSince = (query: ListQuery): Date | null => {
  const { phrase, state, customerType } = query;
  const canMatch =
    phrase === undefined && customerType === undefined && (state === undefined || state === 'deleted');
  return canMatch ? sinceOf(query) : null;
};

export type Filter = Readonly<Record<string, unknown>>;

/** What finds the links of a list. */
export type LinkMatch = Readonly<{
  filter: Filter;
  /** The index that a phrase or a sync is found by, in another order than the list's; null when there is none. */
  narrowIndex: string | null;
}>;

/** How the links of a list are looked for. */
export const matchOf = async (query: ListQuery, scope: BusinessScope): Promise<LinkMatch> => {
  const { phrase, state, customerType } = query;
  const since = sinceOf(query);
  const match = phrase === undefined ? null : await matchPhrase(phrase, scope);
  return {
    filter: {
      businessId: new Types.ObjectId(scope.businessId),
      ...(state !== undefined && { state }),
      ...(customerType !== undefined && { customerType }),
      ...(since !== null && { updatedKey: { $gte: timeKey(since, '') } }),
      ...(match !== null && { $and: [...match.conditions] }),
    },
    narrowIndex: match?.index ?? (since === null ? null : indexOfSync(query)),
  };
};

const indexOfSync = ({ orderBy, state }: ListQuery): string | null =>
  orderBy === 'updatedAt' ? null : orderIndex('updatedKey', state && 'state');

/** The index that has the links in the order of the list. */
export const indexInOrder = (query: ListQuery): string => {
  const key = keyOf(query);
  return key === 'customerId' ? BUSINESS_CUSTOMER_INDEX : orderIndex(key, query.state && 'state');
};

const FIRST_ID = new Types.ObjectId('0'.repeat(24));

/**
 * The one bound that a page is walked from, on the list's own key: after this key, or from the beginning. That has a bound
 * too: without one, not every engine walks an index in its order.
 */
export const boundOf = (query: ListQuery, after: string | null): Filter => {
  const key = keyOf(query);
  const isId = key === 'customerId';
  const since = key === 'updatedKey' ? sinceOf(query) : null;
  const beginning = isId ? FIRST_ID : since === null ? '' : timeKey(since, '');
  if (after === null) return { [key]: { $gte: beginning } };
  const last = isId ? new Types.ObjectId(after) : after;
  return { [key]: query.orderDir === 'asc' ? { $gt: last } : { $gte: beginning, $lt: last } };
};
