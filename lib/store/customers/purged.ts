import { Types } from 'mongoose';
import type { ErasureDocument } from '#lib/store/collections/erasure.ts';
import { connect } from '#lib/store/database/connection.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { type Place, readSumLinks } from './activity-sums.ts';

/** How many purged customers are followed, each into the one into which it was merged. */
const MOST_PURGES = 100;

/**
 * The customers that answer for these now: themselves, or the survivor of one who was merged and purged. Null for a customer that
 * was erased or purged; absent for an id that the business never had.
 */
export const heirsOf = async (
  ids: readonly string[],
  place: Place,
): Promise<ReadonlyMap<string, string | null>> => {
  const heirs = new Map<string, string | null>();
  let waiting = new Map(ids.map((id) => [id, id]));
  for (let purges = 0; waiting.size > 0 && purges < MOST_PURGES; purges += 1) {
    const asked = [...new Set(waiting.values())];
    const links = await readSumLinks(asked, place);
    const erasures = await erasuresAmong(
      asked.filter((id) => !links.has(id)),
      place,
    );
    const next = new Map<string, string>();
    for (const [id, present] of waiting) {
      const survivorId = erasures.get(present);
      if (links.has(present)) heirs.set(id, present);
      else if (typeof survivorId === 'string') next.set(id, survivorId);
      else if (survivorId === null || present !== id) heirs.set(id, null);
    }
    waiting = next;
  }
  return heirs;
};

/** The erased and purged customers of the business among these, with the survivor that has their orders; null without one. */
export const erasuresAmong = async (
  ids: readonly string[],
  { businessId, scope }: Place,
): Promise<ReadonlyMap<string, string | null>> => {
  if (ids.length === 0) return new Map();
  const found = await modelOf(await connect(), 'erasure')
    .find({
      businessId: new Types.ObjectId(businessId),
      _id: { $in: ids.map((id) => new Types.ObjectId(id)) },
    })
    .select({ _id: 1, mergedInto: 1 })
    .setOptions(queryOptions(scope))
    .lean<Pick<ErasureDocument, '_id' | 'mergedInto'>[]>();
  return new Map(
    found.map(({ _id, mergedInto }): [string, string | null] => [
      _id.toHexString(),
      mergedInto?.toHexString() ?? null,
    ]),
  );
};
