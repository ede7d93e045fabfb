import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { modelOf } from './models/models.ts';

/** Which of these ids customers once had who are gone for good, in whichever business: none is ever given again. */
export const erasedAmong = async (
  ids: readonly string[],
  scope: BusinessScope,
): Promise<ReadonlySet<string>> => {
  const found = await modelOf(await connect(), 'erasure')
    .find({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) } })
    .select({ _id: 1 })
    .setOptions(askedBy(scope))
    .lean<{ _id: Types.ObjectId }[]>();
  return new Set(found.map(({ _id }) => _id.toHexString()));
};
