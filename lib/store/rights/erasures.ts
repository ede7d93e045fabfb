import { type QueryFilter, Types } from 'mongoose';
import type { BusinessScope, Scope, SystemScope } from '#lib/domain/access/scope.ts';
import type { Erasure } from '#lib/domain/rights/erasure.ts';
import { type ErasureDocument, OPEN_AT_INDEX, OPEN_INDEX } from '#lib/store/collections/erasure.ts';
import { connect } from '#lib/store/database/connection.ts';
import { BEGINNING } from '#lib/store/database/database-clock.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { giveToSurvivors } from './heirs.ts';
import { type Counts, countSwept, type Group, sweep, type Sweeping } from './sweep.ts';

const toErasure = (stored: ErasureDocument): Erasure => ({
  id: stored._id.toHexString(),
  cause: stored.cause,
  ground: stored.ground ?? null,
  requestedAt: stored.requestedAt ?? stored.at,
  finishedAt: stored.open === true ? null : (stored.finishedAt ?? stored.at),
  places: (stored.places ?? []).map(({ place, found, left }) => ({ place, found, left })),
  isLedgered: stored.unledgered !== true,
  confirmedBy: (stored.confirmed ?? []).map(({ service, at }) => ({ service, at })),
});

/** The erasure of a customer of the caller's business; null if it was not erased. */
export const findErasure = async (id: string, scope: BusinessScope): Promise<Erasure | null> => {
  const stored = await modelOf(await connect(), 'erasure')
    .findOne({ _id: new Types.ObjectId(id), businessId: new Types.ObjectId(scope.businessId) })
    .setOptions(queryOptions(scope))
    .lean<ErasureDocument>();
  return stored === null ? null : toErasure(stored);
};

/** Customers whose erasure has begun and is not finished: up to `most`, of one business; null when there is none. */
export const findOpen = async (most: number, scope: SystemScope): Promise<Group | null> => {
  const found = await modelOf(await connect(), 'erasure')
    .find({ open: true })
    .sort({ businessId: 1, _id: 1 })
    .limit(most)
    .select({ businessId: 1 })
    .hint(OPEN_INDEX)
    .setOptions(queryOptions(scope))
    .lean<Pick<ErasureDocument, '_id' | 'businessId'>[]>();
  const [first] = found;
  if (first === undefined) return null;
  const businessId = first.businessId.toHexString();
  const own = found.filter((one) => one.businessId.toHexString() === businessId);
  return { businessId, customerIds: own.map(({ _id }) => _id.toHexString()) };
};

/** When the oldest of some erasures was asked for; null when there is none. The index has them in the order of time. */
export const findOldest = async (
  some: QueryFilter<ErasureDocument>,
  hint: string,
  scope: SystemScope,
): Promise<Date | null> => {
  const [oldest] = await modelOf(await connect(), 'erasure')
    .find({ ...some, at: { $gte: BEGINNING } })
    .sort({ at: 1 })
    .limit(1)
    .select({ at: 1 })
    .hint(hint)
    .setOptions(queryOptions(scope))
    .lean<Pick<ErasureDocument, '_id' | 'at'>[]>();
  return oldest?.at ?? null;
};

/** When the oldest erasure that is not finished was asked for; null when there is none. */
export const findOldestOpen = (scope: SystemScope): Promise<Date | null> =>
  findOldest({ open: true }, OPEN_AT_INDEX, scope);

/** The first count of what each place has of a customer. */
export const placesOf = (counts: Counts, id: string) =>
  Array.from(counts.get(id) ?? [], ([place, found]) => ({ place, found, left: found }));

/** Notes how much was found of customers of a purge, which counts nothing itself. A second run keeps the first count. */
const noteCounts = async (group: Group, scope: SystemScope): Promise<void> => {
  const erasures = modelOf(await connect(), 'erasure');
  const businessId = new Types.ObjectId(group.businessId);
  const counts = await countSwept(group, scope);
  for (const id of group.customerIds)
    await erasures
      .updateOne(
        { _id: new Types.ObjectId(id), businessId, places: { $exists: false } },
        { $set: { places: placesOf(counts, id) } },
      )
      .setOptions(queryOptions(scope));
};

/**
 * Empties every place of customers whose erasure has begun.
 * @returns whether they are finished. If not, the next run goes on
 */
export const finishGroup = async (
  group: Group,
  sweeping: Required<Sweeping>,
  scope: SystemScope,
): Promise<boolean> => {
  await noteCounts(group, scope);
  if (!(await giveToSurvivors(group, sweeping.until, scope))) return false;
  return await finish(group, sweeping, scope);
};

/**
 * The same in the request that asked for it, for customers of the caller's business. `finish-erasures` does the rest, and
 * deletes objects in the archive.
 * @param until in milliseconds since the epoch
 */
export const finishOwn = (group: Group, until: number, scope: BusinessScope): Promise<boolean> =>
  finish(group, { until }, scope);

const finish = async (group: Group, sweeping: Sweeping, scope: Scope): Promise<boolean> => {
  if (!(await sweep(group, sweeping, scope))) return false;
  const businessId = new Types.ObjectId(group.businessId);
  const erasures = modelOf(await connect(), 'erasure');
  const open = await erasures
    .find({ businessId, _id: { $in: group.customerIds.map((id) => new Types.ObjectId(id)) }, open: true })
    .select({ places: 1 })
    .setOptions(queryOptions(scope))
    .lean<Pick<ErasureDocument, '_id' | 'places'>[]>();
  for (const { _id, places = [] } of open) {
    const empty = places.map(({ place, found }) => ({ place, found, left: 0 }));
    await erasures
      .updateOne(
        { _id, businessId, open: true },
        { $set: { finishedAt: new Date(), places: empty }, $unset: { open: '' } },
      )
      .setOptions(queryOptions(scope));
  }
  return true;
};
