import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { modelOf } from './models/models.ts';

/** What is left of a purged customer. */
export type Tombstone = Readonly<{ id: string; at: Date }>;

type Filter = Readonly<Record<string, unknown>>;

/** How many customers of the caller's business were purged since a moment. */
export const countTombstones = async (at: Date, scope: BusinessScope): Promise<number> =>
  await modelOf(await connect(), 'tombstone')
    .countDocuments({ businessId: new Types.ObjectId(scope.businessId), at: { $gte: at } })
    .setOptions(askedBy(scope));

/** Which of them: from a moment or after another one, so many at most, oldest first. */
export type TombstoneSlice = Readonly<{ from: Date | Tombstone; skip?: number; limit: number }>;

/** A slice of them. Many are of one moment; in it, they go by id. */
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
  // A bound that leaves no one out: behind a $gt, an engine may walk all of that moment.
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
    .setOptions(askedBy(scope))
    .lean();
  return found.map((tombstone) => ({ id: tombstone._id.toHexString(), at: tombstone.at }));
};
