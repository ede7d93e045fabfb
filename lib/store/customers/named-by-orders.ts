import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { ActivityDocument } from '#lib/store/collections/activity.ts';
import { connect } from '#lib/store/database/connection.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/**
 * The customer whose orders brought an id that is not its own; null for an id that no order of the business had. It costs the
 * same for an unknown id and for one of another business.
 */
export const ownerByOrders = async (id: string, scope: BusinessScope): Promise<string | null> => {
  const [newest] = await modelOf(await connect(), 'activity')
    .find({ businessId: new Types.ObjectId(scope.businessId), attendeeIds: new Types.ObjectId(id) })
    .select({ _id: 0, customerId: 1, stamp: 1 })
    .sort({ stamp: -1 })
    .limit(1)
    .setOptions(queryOptions(scope))
    .lean<Pick<ActivityDocument, 'customerId' | 'stamp'>[]>();
  return newest?.customerId.toHexString() ?? null;
};

/** By which customer's orders each id is known. If there are several, the newest order decides. */
export const customersOfOrders = async (
  ids: readonly string[],
  scope: BusinessScope,
): Promise<ReadonlyMap<string, string>> => {
  const found = await modelOf(await connect(), 'activity')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      attendeeIds: { $in: ids.map((id) => new Types.ObjectId(id)) },
    })
    .select({ _id: 0, attendeeIds: 1, customerId: 1, stamp: 1 })
    .setOptions(queryOptions(scope))
    .lean<Pick<ActivityDocument, 'attendeeIds' | 'customerId' | 'stamp'>[]>();
  const byAge = found.sort((one, other) => (one.stamp < other.stamp ? -1 : 1));
  return new Map(
    byAge.flatMap(({ attendeeIds, customerId }) =>
      attendeeIds.map((id): [string, string] => [id.toHexString(), customerId.toHexString()]),
    ),
  );
};
