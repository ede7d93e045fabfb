import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Customer, stateOf } from '#lib/domain/customers/customer.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { isWorthShowing, likenessOf, type Likeness } from '#lib/domain/duplicates/likeness.ts';
import { hiddenFrom } from '#lib/domain/access/hidden-fields.ts';
import type { MatchKind } from '#lib/domain/duplicates/match-texts.ts';
import { connect } from '#lib/store/database/connection.ts';
import { type LeanCustomer, toCustomer } from '#lib/store/customers/document.ts';
import { findCustomer } from '#lib/store/customers/reader.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import { findCandidates } from './candidates.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

/** Two customers who may be one person, the one with the smaller id first. */
export type DuplicatePair = Likeness & Readonly<{ customers: readonly [Customer, Customer] }>;

/** A page of possible duplicates. */
export type DuplicatesPage = Readonly<{
  pairs: readonly DuplicatePair[];
  /** Null when nothing follows. */
  nextCursor: string | null;
  /** Which kinds of values were not used, because too many customers share one. */
  tooCommon: readonly MatchKind[];
}>;

/** The ids of two customers, the smaller one first. The pairs of a business are ordered by them. */
export type PairIds = readonly [first: string, second: string];
/** Two customers that share a value and have not been compared yet. */
export type CandidatePair = Readonly<{ ids: PairIds; sharing: number }>;
/** A pair with its ids. */
type Found = DuplicatePair & Readonly<{ ids: PairIds }>;

/** The pairs of a customer with its candidates. */
export const candidatePairsOf = (customerId: string, others: ReadonlyMap<string, number>): CandidatePair[] =>
  Array.from(others, ([other, sharing]) => ({
    ids: customerId < other ? [customerId, other] : [other, customerId],
    sharing,
  }));

/**
 * Compares pairs of customers and returns the possible duplicates. Deleted customers are left out.
 * @param alreadyRead customers that are not read again
 */
export const compare = async (
  candidatePairs: readonly CandidatePair[],
  alreadyRead: readonly Customer[],
  scope: BusinessScope,
): Promise<Found[]> => {
  const known = new Map(alreadyRead.map((customer) => [customer.id, customer]));
  const unread = new Set(candidatePairs.flatMap(({ ids }) => ids).filter((id) => !known.has(id)));
  for (const customer of await readLive([...unread], scope)) known.set(customer.id, customer);
  return candidatePairs.flatMap(({ ids, sharing }) => {
    const [one, other] = [known.get(ids[0]), known.get(ids[1])];
    if (one === undefined || other === undefined) return [];
    const likeness = likenessOf(one, other, hiddenFrom(scope.role));
    return isWorthShowing(likeness, sharing) ? [{ ...likeness, ids, customers: [one, other] }] : [];
  });
};

/** Reads the live customers among these, in any order. Their links must have been read with this scope. */
export const readLive = async (ids: readonly string[], scope: BusinessScope): Promise<Customer[]> => {
  if (ids.length === 0) return [];
  const documents = await modelOf(await connect(), 'customer')
    .find({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) } })
    .setOptions(queryOptions(scope))
    .batchSize(ids.length + 1)
    .lean<LeanCustomer[]>();
  const customers = await readWithKeys(scope, (keys) => documents.map((one) => toCustomer(one, keys)));
  return customers.filter((customer) => isLive(stateOf(customer)));
};

/** The possible duplicates of one customer, the most similar first; null when the business has no such customer. */
export const readDuplicatesOf = async (
  { customerId, pageSize }: { customerId: string; pageSize: number },
  scope: BusinessScope,
): Promise<DuplicatesPage | null> => {
  const stored = await findCustomer(customerId, scope);
  if (stored === null) return null;
  const { customer } = stored;
  if (!isLive(stateOf(customer))) return { pairs: [], nextCursor: null, tooCommon: [] };
  const { of, tooCommon } = await findCandidates([customer], scope);
  const pairs = await compare(candidatePairsOf(customerId, of(customerId)), [customer], scope);
  const mostSimilarFirst = pairs.sort(
    // Of equal ones, always in the same order.
    (one, other) => other.score - one.score || (one.ids.join() < other.ids.join() ? -1 : 1),
  );
  return { pairs: mostSimilarFirst.slice(0, pageSize), nextCursor: null, tooCommon };
};
