import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

/** Which of these ids belonged to purged customers, of any business. These ids are never used again. */
export const erasedAmong = async (
  ids: readonly string[],
  scope: BusinessScope,
): Promise<ReadonlySet<string>> => {
  const found = await modelOf(await connect(), 'erasure')
    .find({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) } })
    .select({ _id: 1 })
    .setOptions(queryOptions(scope))
    .lean<{ _id: Types.ObjectId }[]>();
  return new Set(found.map(({ _id }) => _id.toHexString()));
};

/** Whether this id belonged to a purged customer, of any business. */
export const isErased = async (id: string, scope: BusinessScope): Promise<boolean> =>
  (await erasedAmong([id], scope)).has(id);
