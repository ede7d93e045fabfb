import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { modelOf } from './models/models.ts';

/** What is left of a purged customer. */
export type Tombstone = Readonly<{ id: string; at: Date }>;

const since = (at: Date, scope: BusinessScope) => ({
  businessId: new Types.ObjectId(scope.businessId),
  at: { $gte: at },
});

/** How many customers of the caller's business were purged since a moment. */
export const countTombstones = async (at: Date, scope: BusinessScope): Promise<number> =>
  await modelOf(await connect(), 'tombstone')
    .countDocuments(since(at, scope))
    .setOptions(askedBy(scope));

/** A slice of them, oldest first. */
export const findTombstones = async (
  at: Date,
  { skip, limit }: { skip: number; limit: number },
  scope: BusinessScope,
): Promise<Tombstone[]> => {
  if (limit <= 0) return [];
  const found = await modelOf(await connect(), 'tombstone')
    .find(since(at, scope))
    .sort({ at: 1, _id: 1 })
    .skip(skip)
    .limit(limit)
    .setOptions(askedBy(scope))
    .lean();
  return found.map((tombstone) => ({ id: tombstone._id.toHexString(), at: tombstone.at }));
};
