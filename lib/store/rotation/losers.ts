import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { type CustomerLinkDocument, MERGED_INDEX } from '#lib/store/collections/customer-link.ts';
import type { Snapshot } from '#lib/store/histories/chains.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

type Loser = Pick<CustomerLinkDocument, 'customerId'> & Readonly<{ mergedInto: Types.ObjectId }>;

/**
 * The ids of the customers that were merged into these, by the id of the survivor: also those that came with a loser. Each
 * merge of a chain costs one query.
 */
export const findLosers = async (
  businessId: string,
  survivorIds: readonly Types.ObjectId[],
  snapshot: Snapshot<SystemScope>,
): Promise<ReadonlyMap<string, readonly Types.ObjectId[]>> => {
  const directly = new Map<string, Types.ObjectId[]>();
  for (let level = survivorIds; level.length > 0;) {
    const losers = await mergedInto(businessId, level, snapshot);
    const isNew = losers.filter((loser) => !directly.has(loser.mergedInto.toHexString()));
    for (const [id, those] of Map.groupBy(isNew, (loser) => loser.mergedInto.toHexString()))
      directly.set(
        id,
        those.map(({ customerId }) => customerId),
      );
    level = isNew.map(({ customerId }) => customerId);
  }
  const allOf = (id: Types.ObjectId): Types.ObjectId[] =>
    (directly.get(id.toHexString()) ?? []).flatMap((loserId) => [loserId, ...allOf(loserId)]);
  return new Map(survivorIds.map((id) => [id.toHexString(), allOf(id)]));
};

const mergedInto = async (
  businessId: string,
  ids: readonly Types.ObjectId[],
  { connection, session, scope }: Snapshot<SystemScope>,
): Promise<Loser[]> =>
  await modelOf(connection, 'customer_link')
    .find({ businessId: new Types.ObjectId(businessId), mergedInto: { $in: [...ids] } })
    .select({ _id: 0, customerId: 1, mergedInto: 1 })
    .hint(MERGED_INDEX)
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<Loser[]>();
