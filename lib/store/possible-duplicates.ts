import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { type Customer, stateOf } from '#lib/domain/customer.ts';
import { isLive } from '#lib/domain/customer-state.ts';
import { isWorthShowing, likenessOf, type Likeness } from '#lib/domain/duplicates.ts';
import { hiddenFrom } from '#lib/domain/hidden-fields.ts';
import type { MatchKind } from '#lib/domain/match-texts.ts';
import { connect } from './connection.ts';
import { type LeanCustomer, toCustomer } from './customer-document.ts';
import { findCustomer } from './customer-reader.ts';
import { askedBy } from './isolation/asked-by.ts';
import { readWithKeys } from './keys.ts';
import { findSharers } from './match-sharers.ts';
import { modelOf } from './models/models.ts';

/** Two customers who may be one person, the one with the smaller id first. */
export type DuplicatePair = Likeness & Readonly<{ customers: readonly [Customer, Customer] }>;

/** Some of them. */
export type DuplicatesPage = Readonly<{
  pairs: readonly DuplicatePair[];
  /** Null when nothing follows. */
  nextCursor: string | null;
  /** What was not compared by, since too many have the same. */
  tooCommon: readonly MatchKind[];
}>;

/** The ids of two customers, the smaller one first: by these the pairs of a business are in order. */
export type Ids = readonly [leader: string, other: string];
/** Two customers who share something, not compared yet. */
export type Meeting = Readonly<{ ids: Ids; sharing: number }>;
/** A pair with its place in that order. */
type Found = DuplicatePair & Readonly<{ ids: Ids }>;

/** Whom a customer meets. */
export const meetingsOf = (customerId: string, others: ReadonlyMap<string, number>): Meeting[] =>
  Array.from(others, ([other, sharing]) => ({
    ids: customerId < other ? [customerId, other] : [other, customerId],
    sharing,
  }));

/** Compares customers, those at hand without reading them again; who is deleted by now is none of them. */
export const compare = async (
  meetings: readonly Meeting[],
  atHand: readonly Customer[],
  scope: BusinessScope,
): Promise<Found[]> => {
  const known = new Map(atHand.map((customer) => [customer.id, customer]));
  const unread = new Set(meetings.flatMap(({ ids }) => ids).filter((id) => !known.has(id)));
  for (const customer of await readLive([...unread], scope)) known.set(customer.id, customer);
  return meetings.flatMap(({ ids, sharing }) => {
    const [one, other] = [known.get(ids[0]), known.get(ids[1])];
    if (one === undefined || other === undefined) return [];
    const likeness = likenessOf(one, other, hiddenFrom(scope.role));
    return isWorthShowing(likeness, sharing) ? [{ ...likeness, ids, customers: [one, other] }] : [];
  });
};

/** The live ones among customers that links have led to, in any order. */
export const readLive = async (ids: readonly string[], scope: BusinessScope): Promise<Customer[]> => {
  if (ids.length === 0) return [];
  const documents = await modelOf(await connect(), 'customer')
    .find({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) } })
    .setOptions(askedBy(scope))
    .batchSize(ids.length + 1)
    .lean<LeanCustomer[]>();
  const customers = await readWithKeys(scope, (keys) => documents.map((one) => toCustomer(one, keys)));
  return customers.filter((customer) => isLive(stateOf(customer)));
};

/** Those that one customer is in, the most alike first; null when the business has no such customer. */
export const readDuplicatesOf = async (
  { customerId, pageSize }: { customerId: string; pageSize: number },
  scope: BusinessScope,
): Promise<DuplicatesPage | null> => {
  const customer = await findCustomer(customerId, scope);
  if (customer === null) return null;
  if (!isLive(stateOf(customer))) return { pairs: [], nextCursor: null, tooCommon: [] };
  const { of, tooCommon } = await findSharers([customer], scope);
  const pairs = await compare(meetingsOf(customerId, of(customerId)), [customer], scope);
  const alikeFirst = pairs.sort((one, other) => other.score - one.score);
  return { pairs: alikeFirst.slice(0, pageSize), nextCursor: null, tooCommon };
};
