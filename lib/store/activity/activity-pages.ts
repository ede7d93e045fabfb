import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { ActivityKind, OrderCounts, PaymentCounts } from '#lib/domain/activity/counts.ts';
import { LOOKED_AT } from '#lib/domain/activity/favourites.ts';
import type { ListPlace } from '#lib/domain/activity/list-place.ts';
import { ACTIVITY_CUSTOMER_INDEX, type ActivityDocument } from '#lib/store/collections/activity.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';

/** Which orders or payments are asked for. An absent filter lets all pass. */
export type ActivityFilter = Readonly<{
  status?: string | undefined;
  method?: string | undefined;
  /** Not before, and before. */
  from?: Date | undefined;
  to?: Date | undefined;
}>;

/** A page of a list. */
export type ActivityQuery = ActivityFilter &
  Readonly<{ kind: ActivityKind; after: ListPlace | null; most: number }>;

type Placed = Pick<ActivityDocument, '_id' | 'startAt'>;

const newestFirst = (one: Placed, other: Placed): number =>
  other.startAt.getTime() - one.startAt.getTime() ||
  (one._id.toHexString() < other._id.toHexString() ? 1 : -1);

/**
 * One bound on the start, so that the index is walked in order. Those that start with the last one of the page before are told
 * apart by their ids.
 */
const boundsOf = ({ after, from, to }: ActivityQuery): object => {
  const start = {
    ...(from !== undefined && { $gte: from }),
    ...(to !== undefined && { $lt: to }),
    ...(after !== null && { $lte: after.startAt }),
  };
  return {
    ...(Object.keys(start).length > 0 && { startAt: start }),
    ...(after !== null && {
      $or: [{ startAt: { $lt: after.startAt } }, { _id: { $lt: new Types.ObjectId(after.id) } }],
    }),
  };
};

type Walk = Readonly<{ filter: object; most: number; fields?: Readonly<Record<string, 1>> }>;

/** One walk of the index for each id, newest first: in a walk through several ids, no engine keeps the order. */
const readNewest = async <D extends Placed>(
  customerIds: readonly Types.ObjectId[],
  { filter, most, fields }: Walk,
  scope: BusinessScope,
): Promise<readonly D[]> => {
  const connection = await connect();
  const businessId = new Types.ObjectId(scope.businessId);
  const found = await Promise.all(
    customerIds.map((customerId) =>
      guardedAggregate<D>(
        connection,
        'activity',
        [
          // Who left an order is kept for late events only. What an archived order was is not here.
          {
            $match: { businessId, customerId, ...filter, left: { $exists: false }, away: { $exists: false } },
          },
          { $sort: { startAt: -1, _id: -1 } },
          { $limit: most },
          ...(fields === undefined ? [] : [{ $project: fields }]),
        ],
        { scope, most, hint: ACTIVITY_CUSTOMER_INDEX },
      ),
    ),
  );
  return found.flat().sort(newestFirst).slice(0, most);
};

/** Orders or payments of the caller's business under these ids of customers, newest first, after a place. */
export const readActivity = (
  customerIds: readonly Types.ObjectId[],
  query: ActivityQuery,
  scope: BusinessScope,
): Promise<readonly ActivityDocument[]> => {
  const { kind, status, method, most } = query;
  const filter = {
    kind,
    ...boundsOf(query),
    ...(status !== undefined && { status }),
    ...(method !== undefined && { method }),
  };
  return readNewest(customerIds, { filter, most }, scope);
};

const FAVOURITE_FIELDS = {
  startAt: 1,
  'services.serviceId': 1,
  'services.specialistIds': 1,
  method: 1,
} as const;

/** What favourites are made of. */
export type Favoured = Placed &
  Pick<ActivityDocument, 'method'> &
  Readonly<{
    services?: readonly Pick<
      NonNullable<ActivityDocument['services']>[number],
      'serviceId' | 'specialistIds'
    >[];
  }>;

/** The newest orders or payments that count so, up to 500, newest first. */
export const readLately = (
  customerIds: readonly Types.ObjectId[],
  { kind, counts }: Readonly<{ kind: ActivityKind; counts: readonly (OrderCounts | PaymentCounts)[] }>,
  scope: BusinessScope,
): Promise<readonly Favoured[]> => {
  const filter = { kind, counts: { $in: counts } };
  return readNewest<Favoured>(customerIds, { filter, most: LOOKED_AT, fields: FAVOURITE_FIELDS }, scope);
};
