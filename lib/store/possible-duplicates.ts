import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { type Customer, stateOf } from '#lib/domain/customer.ts';
import { isLive } from '#lib/domain/customer-state.ts';
import { isWorthShowing, likenessOf, type Likeness } from '#lib/domain/duplicates.ts';
import { hiddenFrom } from '#lib/domain/hidden-fields.ts';
import type { MatchKind } from '#lib/domain/match-texts.ts';
import { connect } from './connection.ts';
import { readInOrder } from './customer-pages.ts';
import { findCustomer } from './customer-reader.ts';
import { askedBy } from './isolation/asked-by.ts';
import { findSharers } from './match-sharers.ts';
import { BUSINESS_CUSTOMER_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';
import { openPlace, sealPlace } from './sealed-place.ts';

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
type Ids = readonly [leader: string, other: string];
/** Two customers who share something, not compared yet. */
type Meeting = Readonly<{ ids: Ids; sharing: number }>;
type Found = DuplicatePair & Readonly<{ ids: Ids }>;

const meetingsOf = (customerId: string, others: ReadonlyMap<string, number>): Meeting[] =>
  Array.from(others, ([other, sharing]) => ({
    ids: customerId < other ? [customerId, other] : [other, customerId],
    sharing,
  }));

/** Compares customers, those at hand without reading them again; who is deleted by now is none of them. */
const compare = async (
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

const readLive = async (ids: readonly string[], scope: BusinessScope): Promise<Customer[]> => {
  const links = ids.map((id) => ({ customerId: new Types.ObjectId(id) }));
  return (await readInOrder(links, scope)).filter((customer) => isLive(stateOf(customer)));
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

/** Customers whose keys one query looks for. */
const AT_ONCE = 50;
/** A page looks at so many slices at most, however few pairs it has found by then. */
const MOST_SLICES = 10;
/** And compares so many pairs of a slice at most, before it begins another. */
const MOST_COMPARED = 200;

const BEFORE_ALL: Ids = ['0'.repeat(24), ''];
const LAST_OTHER = 'f'.repeat(24);

const LIST = 'duplicates|1';

/**
 * Walks the pairs of a business in order of their ids. Each comes once, with the smaller of its ids; a page costs the
 * same anywhere, and may have few pairs or none while more follow.
 * @throws Refusal `invalid-request` for a cursor that is not of this list
 */
export const readDuplicates = async (
  { pageSize, cursor }: { pageSize: number; cursor?: string | undefined },
  scope: BusinessScope,
): Promise<DuplicatesPage> => {
  let place: Ids | null = cursor === undefined ? BEFORE_ALL : idsIn(await openPlace(cursor, LIST, scope));
  const pairs: DuplicatePair[] = [];
  const tooCommon = new Set<MatchKind>();
  for (let slices = 0; place !== null && slices < MOST_SLICES && pairs.length < pageSize; slices += 1) {
    const slice = await readSlice(place, pageSize - pairs.length, scope);
    pairs.push(...slice.pairs);
    for (const kind of slice.tooCommon) tooCommon.add(kind);
    place = slice.place;
  }
  const nextCursor = place === null ? null : await sealPlace(place.join(' '), LIST, scope);
  return { pairs, nextCursor, tooCommon: [...tooCommon].sort() };
};

const idsIn = (text: string): Ids => {
  const [leader = '', other = ''] = text.split(' ');
  return [leader, other];
};

/** The pairs that some customers lead, from a place on, and the place where they end; null at the end of all. */
const readSlice = async (place: Ids, most: number, scope: BusinessScope) => {
  const links = await findLinks(place[0], scope);
  const last = links.at(-1);
  if (last === undefined) return { pairs: [], tooCommon: [], place: null };
  const customers = (await readInOrder(links, scope)).filter((customer) => isLive(stateOf(customer)));
  const { of, tooCommon } = await findSharers(customers, scope);
  const meetings = customers
    .flatMap(({ id }) => meetingsOf(id, of(id)).filter(({ ids: [leader] }) => leader === id))
    .filter(({ ids }) => isAfter(ids, place))
    .sort((one, other) => (isAfter(one.ids, other.ids) ? 1 : -1));
  const compared = meetings.slice(0, MOST_COMPARED);
  const found = await compare(compared, customers, scope);
  const pairs = found.slice(0, most);
  const isAll = pairs.length === found.length && compared.length === meetings.length;
  if (isAll) {
    const end: Ids = [last.customerId.toHexString(), LAST_OTHER];
    return { pairs, tooCommon, place: links.length < AT_ONCE ? null : end };
  }
  const stopped = pairs.length < found.length ? pairs.at(-1)?.ids : compared.at(-1)?.ids;
  return { pairs, tooCommon, place: stopped ?? place };
};

const isAfter = ([leader, other]: Ids, [leaderBefore, otherBefore]: Ids): boolean =>
  leader === leaderBefore ? other > otherBefore : leader > leaderBefore;

const findLinks = async (from: string, scope: BusinessScope) =>
  await modelOf(await connect(), 'customer_link')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      customerId: { $gte: new Types.ObjectId(from) },
    })
    .select({ _id: 0, customerId: 1 })
    .sort({ customerId: 1 })
    .limit(AT_ONCE)
    .hint(BUSINESS_CUSTOMER_INDEX)
    .setOptions(askedBy(scope))
    .lean<{ customerId: Types.ObjectId }[]>();
