import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { MatchKind } from '#lib/domain/duplicates/match-texts.ts';
import { connect } from '#lib/store/database/connection.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { findCandidates } from './candidates.ts';
import { BUSINESS_CUSTOMER_INDEX } from '#lib/store/collections/customer-link.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import {
  compare,
  type DuplicatePair,
  type DuplicatesPage,
  type PairIds,
  candidatePairsOf,
  readLive,
} from './possible-duplicates.ts';
import { openPlace, sealPlace } from '#lib/store/keys/sealed-cursor.ts';

/** The customers of one slice. One query finds the candidates for all of them. */
const AT_ONCE = 25;
/** The most slices of one page, even if they have few pairs. */
const MOST_SLICES = 20;
/** A page starts no other slice after it has read this many links, which only happens when many share the same values. */
const MOST_READ = 5_000;
/** The most pairs that one slice compares. The other pairs are another slice of the same customers. */
const MOST_COMPARED = 200;

const BEFORE_ALL: PairIds = [FIRST_ID.toHexString(), ''];
/** No id is greater: the position after all pairs with the same first id. */
const LAST_SECOND = 'f'.repeat(24);

const LIST = 'duplicates|1';

/**
 * Reads a page of the possible duplicates of the caller's business, ordered by their ids. Each pair is returned once. All
 * pages cost about the same, so a page may have few pairs or none although more follow.
 * @throws Refusal `invalid-request` for a cursor that is not of this list
 */
export const readDuplicates = async (
  { pageSize, cursor }: { pageSize: number; cursor?: string | undefined },
  scope: BusinessScope,
): Promise<DuplicatesPage> => {
  let position: PairIds | null =
    cursor === undefined ? BEFORE_ALL : idsIn(await openPlace(cursor, LIST, scope));
  const pairs: DuplicatePair[] = [];
  const tooCommon = new Set<MatchKind>();
  let read = 0;
  const isOver = (slices: number) => slices >= MOST_SLICES || pairs.length >= pageSize || read > MOST_READ;
  for (let slices = 0; position !== null && !isOver(slices); slices += 1) {
    const slice: Slice = await readSlice(position, pageSize - pairs.length, scope);
    read += slice.read;
    pairs.push(...slice.pairs);
    for (const kind of slice.tooCommon) tooCommon.add(kind);
    position = slice.end;
  }
  const nextCursor = position === null ? null : await sealPlace(position.join(' '), LIST, scope);
  return { pairs, nextCursor, tooCommon: [...tooCommon].sort() };
};

const idsIn = (text: string): PairIds => {
  const [first = '', second = ''] = text.split(' ');
  return [first, second];
};

/** One slice of a walk through all possible duplicates of a business. */
export type WalkedSlice = Pick<DuplicatesPage, 'pairs' | 'tooCommon'> &
  Readonly<{
    /** How many customers have been compared with all their candidates since the slice before. */
    done: number;
  }>;

/** All possible duplicates of the caller's business, ordered by their ids, slice by slice. */
export async function* walkDuplicates(whole: BusinessScope): AsyncGenerator<WalkedSlice> {
  for (let position: PairIds | null = BEFORE_ALL; position !== null;) {
    // A scope for each slice: the links read for one slice give no access in the next.
    const slice: Slice = await readSlice(position, Number.POSITIVE_INFINITY, whole.again());
    yield slice;
    position = slice.end;
  }
}

/** A slice with the position where it ends, null at the end of the walk, and the number of links that it read. */
type Slice = WalkedSlice & Readonly<{ end: PairIds | null; read: number }>;

/** Reads the slice after a position: the pairs in which one of the next customers has the smaller id. */
const readSlice = async (position: PairIds, most: number, scope: BusinessScope): Promise<Slice> => {
  const ids = await readIds(position[0], scope);
  const customers = await readLive(ids, scope);
  const { of, tooCommon, read } = await findCandidates(customers, scope);
  const candidatePairs = customers
    .flatMap(({ id }) => candidatePairsOf(id, of(id)).filter(({ ids: [first] }) => first === id))
    .filter((candidatePair) => isAfter(candidatePair.ids, position))
    .sort((one, other) => (isAfter(one.ids, other.ids) ? 1 : -1));
  const compared = candidatePairs.slice(0, MOST_COMPARED);
  const found = await compare(compared, customers, scope);
  const pairs = found.slice(0, most);
  const stoppedAt =
    pairs.length < found.length
      ? pairs.at(-1)
      : compared.length < candidatePairs.length
        ? compared.at(-1)
        : undefined;
  const end = stoppedAt?.ids ?? endOf(ids);
  const done = customers.filter(({ id }) => id > position[0] && (end === null || id <= end[0]));
  return { pairs, tooCommon, done: done.length, end, read };
};

const endOf = (ids: readonly string[]): PairIds | null => {
  const last = ids.at(-1);
  return last === undefined || ids.length < AT_ONCE ? null : [last, LAST_SECOND];
};

const isAfter = ([first, second]: PairIds, [firstBefore, secondBefore]: PairIds): boolean =>
  first === firstBefore ? second > secondBefore : first > firstBefore;

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
    .setOptions(queryOptions(scope))
    .lean<{ customerId: Types.ObjectId }[]>();
  return links.map(({ customerId }) => customerId.toHexString());
};
