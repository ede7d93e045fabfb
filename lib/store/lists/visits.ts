import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type DayRange, startOf } from '#lib/domain/days.ts';
import { ACTIVITY_COUNTS_INDEX } from '#lib/store/collections/activity.ts';
import type { CollectionName } from '#lib/store/collections/collections.ts';
import { FIRST_VISIT_INDEX } from '#lib/store/collections/customer-link.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';

/** How many visits began in a range of days, and how many of them were the first of their customer. */
export type Visits = Readonly<{ total: number; first: number }>;

/**
 * Counts the visits of the caller's business. Those of customers whose record is in the archive are there too, so they are
 * not counted: neither as visits, nor as first ones.
 */
export const countVisits = async ({ from, to }: DayRange, scope: BusinessScope): Promise<Visits> => {
  const between = { $gte: startOf(from), $lt: startOf(to + 1) };
  const [total, first] = await Promise.all([
    count(
      {
        collection: 'activity',
        filter: { kind: 'order', counts: 'visit', startAt: between },
        hint: ACTIVITY_COUNTS_INDEX,
      },
      scope,
    ),
    count(
      {
        collection: 'customer_link',
        // A survivor has the first visit of its losers too.
        filter: { firstVisitAt: between, mergedInto: { $exists: false }, away: { $exists: false } },
        hint: FIRST_VISIT_INDEX,
      },
      scope,
    ),
  ]);
  return { total, first };
};

const count = async (
  { collection, filter, hint }: Readonly<{ collection: CollectionName; filter: object; hint: string }>,
  scope: BusinessScope,
): Promise<number> => {
  const [counted] = await guardedAggregate<{ n: number }>(
    await connect(),
    collection,
    [
      { $match: { businessId: new Types.ObjectId(scope.businessId), ...filter } },
      { $group: { _id: 1, n: { $sum: 1 } } },
    ],
    { scope, hint },
  );
  return counted?.n ?? 0;
};
