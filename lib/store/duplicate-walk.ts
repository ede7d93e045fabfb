import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { MatchKind } from '#lib/domain/match-texts.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { findSharers } from './match-sharers.ts';
import { BUSINESS_CUSTOMER_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';
import {
  compare,
  type DuplicatePair,
  type DuplicatesPage,
  type Ids,
  meetingsOf,
  readLive,
} from './possible-duplicates.ts';
import { openPlace, sealPlace } from './sealed-place.ts';

/** Customers whose keys one query looks for. */
const AT_ONCE = 25;
/** A page looks at so many slices at most, however few pairs it has found by then. */
const MOST_SLICES = 20;
/** Nor does it begin another one once it has read so many links: many more than usual, where many have the same. */
const MOST_READ = 5_000;
/** And compares so many pairs at once at most: what follows is another slice, of the same customers. */
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
  let read = 0;
  const isOver = (slices: number) => slices >= MOST_SLICES || pairs.length >= pageSize || read > MOST_READ;
  for (let slices = 0; place !== null && !isOver(slices); slices += 1) {
    const slice: Slice = await readSlice(place, pageSize - pairs.length, scope);
    read += slice.read;
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

/** How far a walk through all pairs of a business is. */
export type WalkedSlice = Pick<DuplicatesPage, 'pairs' | 'tooCommon'> &
  Readonly<{
    /** How many customers have met all whom they meet since the slice before. */
    done: number;
  }>;

/** All pairs of the caller's business, in order of their ids, some at a time. */
export async function* walkDuplicates(whole: BusinessScope): AsyncGenerator<WalkedSlice> {
  for (let place: Ids | null = BEFORE_ALL; place !== null;) {
    // What one slice read is not kept for the next.
    const slice: Slice = await readSlice(place, Number.POSITIVE_INFINITY, whole.again());
    yield slice;
    place = slice.place;
  }
}

/** And the place where it ends, null at the end of all; and how many links it read. */
type Slice = WalkedSlice & Readonly<{ place: Ids | null; read: number }>;

/** The pairs that some customers lead, from a place on. */
const readSlice = async (place: Ids, most: number, scope: BusinessScope): Promise<Slice> => {
  const ids = await readIds(place[0], scope);
  const customers = await readLive(ids, scope);
  const { of, tooCommon, read } = await findSharers(customers, scope);
  const meetings = customers
    .flatMap(({ id }) => meetingsOf(id, of(id)).filter(({ ids: [leader] }) => leader === id))
    .filter((meeting) => isAfter(meeting.ids, place))
    .sort((one, other) => (isAfter(one.ids, other.ids) ? 1 : -1));
  const compared = meetings.slice(0, MOST_COMPARED);
  const found = await compare(compared, customers, scope);
  const pairs = found.slice(0, most);
  const stoppedAt =
    pairs.length < found.length
      ? pairs.at(-1)
      : compared.length < meetings.length
        ? compared.at(-1)
        : undefined;
  const end = stoppedAt?.ids ?? endOf(ids);
  const done = customers.filter(({ id }) => id > place[0] && (end === null || id <= end[0]));
  return { pairs, tooCommon, done: done.length, place: end, read };
};

const endOf = (ids: readonly string[]): Ids | null => {
  const last = ids.at(-1);
  return last === undefined || ids.length < AT_ONCE ? null : [last, LAST_OTHER];
};

const isAfter = ([leader, other]: Ids, [leaderBefore, otherBefore]: Ids): boolean =>
  leader === leaderBefore ? other > otherBefore : leader > leaderBefore;

const readIds = async (from: string, scope: BusinessScope): Promise<string[]> => {
  const links = await modelOf(await connect(), 'customer_link')
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
  return links.map(({ customerId }) => customerId.toHexString());
};
