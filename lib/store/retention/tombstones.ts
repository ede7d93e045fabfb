import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

/** The id of a purged customer, and when it was purged. */
export type Tombstone = Readonly<{ id: string; at: Date }>;

type Filter = Readonly<Record<string, unknown>>;

/** How many customers of the caller's business were purged at a time or later. */
export const countTombstones = async (at: Date, scope: BusinessScope): Promise<number> =>
  await modelOf(await connect(), 'tombstone')
    .countDocuments({ businessId: new Types.ObjectId(scope.businessId), at: { $gte: at } })
    .setOptions(queryOptions(scope));

/** A slice of the tombstones, oldest first: from a time on, or after another tombstone; at most `limit`. */
export type TombstoneSlice = Readonly<{ from: Date | Tombstone; skip?: number; limit: number }>;

/** Reads a slice of the tombstones of the caller's business. Many have the same time; those are ordered by id. */
export const findTombstones = async (
  { from, skip = 0, limit }: TombstoneSlice,
  scope: BusinessScope,
): Promise<Tombstone[]> => {
  const read = (when: Filter, most: number) => readTombstones(when, { skip, limit: most }, scope);
  if (from instanceof Date) return await read({ at: { $gte: from } }, limit);
  const { at, id } = from;
  const sameMoment = await read({ at, _id: { $gt: new Types.ObjectId(id) } }, limit);
  const missing = limit - sameMoment.length;
  if (missing === 0) return sameMoment;
  // The next millisecond misses none: dates are whole milliseconds. With `$gt`, an engine may walk all tombstones of `at`.
  const nextMoment = new Date(at.getTime() + 1);
  return [...sameMoment, ...(await read({ at: { $gte: nextMoment } }, missing))];
};

const readTombstones = async (
  when: Filter,
  { skip, limit }: { skip: number; limit: number },
  scope: BusinessScope,
): Promise<Tombstone[]> => {
  const found = await modelOf(await connect(), 'tombstone')
    .find({ businessId: new Types.ObjectId(scope.businessId), ...when })
    .sort({ at: 1, _id: 1 })
    .skip(skip)
    .limit(limit)
    .setOptions(queryOptions(scope))
    .lean();
  return found.map((tombstone) => ({ id: tombstone._id.toHexString(), at: tombstone.at }));
};
