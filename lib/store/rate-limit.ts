import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { type Grant, lendingRule, type RateLimit } from '#lib/domain/rate-limit.ts';
import { connect } from './connection.ts';
import { metAnother } from './database-errors.ts';
import { askedBy } from './isolation/asked-by.ts';
import { modelOf } from './models/models.ts';

type Wish = Readonly<{ wanted: number; limit: RateLimit }>;

/**
 * Borrows requests from the bucket of the caller's business: fills it for the time that has passed by the database's
 * clock, then takes what may be lent, in one update.
 */
export const borrowRequests = async (wish: Wish, scope: BusinessScope): Promise<Grant> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await borrow(wish, scope);
    } catch (error) {
      if (tries === MOST_TRIES || !metAnother(error)) throw error;
    }
  }
};

const MOST_TRIES = 10;

const borrow = async ({ wanted, limit }: Wish, scope: BusinessScope): Promise<Grant> => {
  const { granted, left } = await modelOf(await connect(), 'rate_limit')
    .findOneAndUpdate({ _id: new Types.ObjectId(scope.businessId) }, lending(wanted, limit), {
      upsert: true,
      returnDocument: 'after',
      updatePipeline: true,
    })
    .setOptions(askedBy(scope))
    .lean();
  return { granted, left };
};

/** A clock that was set back fills nothing, and the bucket goes on from there. */
const lending = (wanted: number, limit: RateLimit) => {
  const { atLeast, shareOfLeft } = lendingRule(limit);
  const msPassed = { $max: [0, { $subtract: ['$$NOW', { $ifNull: ['$at', '$$NOW'] }] }] };
  const filled = {
    $add: [{ $ifNull: ['$left', limit.burst] }, { $multiply: [msPassed, limit.perSecond / 1_000] }],
  };
  const share = { $max: [atLeast, { $floor: { $multiply: ['$left', shareOfLeft] } }] };
  return [
    { $set: { left: { $min: [limit.burst, filled] }, at: '$$NOW' } },
    { $set: { granted: { $min: [wanted, { $floor: '$left' }, share] } } },
    { $set: { left: { $subtract: ['$left', '$granted'] } } },
  ];
};
