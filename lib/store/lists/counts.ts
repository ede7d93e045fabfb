import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { CustomerType } from '#lib/domain/customers/customer-details.ts';
import { CUSTOMER_STATES, type CustomerState, isLive } from '#lib/domain/customers/customer-state.ts';
import { type Day, type DayRange, startOf } from '#lib/domain/days.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { timeKey } from '#lib/store/customers/link.ts';
import { orderIndex, TYPE_STATE_INDEX } from '#lib/store/collections/customer-link.ts';

/** How many customers of one type are in one state. */
export type Tally = Readonly<{ customerType: CustomerType; state: CustomerState; count: number }>;

/** Counts the customers of the caller's business by type and state. Combinations without a customer are left out. */
export const countByTypeAndState = async (scope: BusinessScope): Promise<Tally[]> => {
  const counted = await guardedAggregate<{ _id: Omit<Tally, 'count'>; n: number }>(
    await connect(),
    'customer_link',
    [
      { $match: { businessId: new Types.ObjectId(scope.businessId) } },
      { $group: { _id: { customerType: '$customerType', state: '$state' }, n: { $sum: 1 } } },
    ],
    // Other indexes start with the business too, but only this one has both fields.
    { scope, hint: TYPE_STATE_INDEX },
  );
  return counted.map(({ _id: { customerType, state }, n }) => ({ customerType, state, count: n }));
};

/**
 * The milliseconds at the start of a `createdKey`. `$trim` has nothing to trim, but makes a copy: the embedded engine reads
 * a number past the end of a substring, and takes an id that starts with `e` for an exponent.
 */
const CREATED_MS = { $toDouble: { $trim: { input: { $substrBytes: ['$createdKey', 0, 13] } } } };
/** The day in UTC of a `createdKey`. */
const DAY_OF_KEY = { $floor: { $divide: [CREATED_MS, 24 * 60 * 60 * 1_000] } };

/** Counts the live customers of the caller's business by the UTC day of their creation. Days without any are left out. */
export const countNewByDay = async (
  { from, to }: DayRange,
  scope: BusinessScope,
): Promise<ReadonlyMap<Day, number>> => {
  const counted = await guardedAggregate<{ _id: Day; n: number }>(
    await connect(),
    'customer_link',
    [
      {
        $match: {
          businessId: new Types.ObjectId(scope.businessId),
          state: { $in: CUSTOMER_STATES.filter(isLive) },
          createdKey: { $gte: timeKey(startOf(from), ''), $lt: timeKey(startOf(to + 1), '') },
        },
      },
      { $group: { _id: DAY_OF_KEY, n: { $sum: 1 } } },
    ],
    { scope, hint: orderIndex('createdKey', 'state') },
  );
  return new Map(counted.map(({ _id: day, n }) => [day, n]));
};
