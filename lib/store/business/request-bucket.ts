import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import {
  type Bucket,
  bucketLimit,
  type Grant,
  lendingRule,
  type Wish,
} from '#lib/domain/business/request-allowance.ts';
import { connect } from '#lib/store/database/connection.ts';
import { updateByClock } from '#lib/store/database/update-by-clock.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

/** The field of each bucket: how many requests are left in it. */
const LEFT = { desk: 'left', pull: 'pullsLeft' } as const;

/**
 * Borrows requests from a bucket of the caller's business, in one update: refills the buckets for the time that has
 * passed by the database's clock, then takes as many as one of them may lend. It lends all that are needed, or none.
 */
export const borrowRequests = (wish: Wish, scope: BusinessScope): Promise<Grant> =>
  updateByClock(() => borrow(wish, scope));

const borrow = async (wish: Wish, scope: BusinessScope): Promise<Grant> => {
  const field = LEFT[wish.bucket ?? 'desk'];
  const { granted, [field]: left = 0 } = await modelOf(await connect(), 'rate_limit')
    .findOneAndUpdate({ _id: new Types.ObjectId(scope.businessId) }, lending(wish), {
      upsert: true,
      returnDocument: 'after',
      updatePipeline: true,
    })
    .select({ granted: 1, [field]: 1 })
    .setOptions(queryOptions(scope))
    .lean();
  return { granted, left };
};

const lending = (wish: Wish) => {
  const { wanted, bucket = 'desk' } = wish;
  const limit = bucketLimit(bucket, wish.limit);
  const { atLeast, shareOfLeft, needed } = lendingRule({ limit, needed: wish.needed });
  const left = `$${LEFT[bucket]}`;
  const share = { $max: [atLeast, { $floor: { $multiply: [left, shareOfLeft] } }] };
  const granted = { $max: [wish.needed, { $min: [wanted, { $floor: left }, share] }] };
  const full = { [LEFT.desk]: filled('desk', wish), [LEFT.pull]: filled('pull', wish) };
  return [
    { $set: { ...full, at: '$$NOW' } },
    { $set: { granted: { $cond: [{ $gte: [left, needed] }, granted, 0] } } },
    { $set: { [LEFT[bucket]]: { $subtract: [left, '$granted'] } } },
  ];
};

/**
 * What is left in a bucket now. All buckets are filled at once, because they share one time. A missing bucket is full. A
 * database clock that was set back adds nothing; later refills count from the new time.
 */
const filled = (bucket: Bucket, wish: Wish) => {
  const { burst, perSecond } = bucketLimit(bucket, wish.limit);
  const msPassed = { $max: [0, { $subtract: ['$$NOW', { $ifNull: ['$at', '$$NOW'] }] }] };
  const left = { $ifNull: [`$${LEFT[bucket]}`, burst] };
  return { $min: [burst, { $add: [left, { $multiply: [msPassed, perSecond / 1_000] }] }] };
};
