import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type DayRange, startOf } from '#lib/domain/days.ts';
import { ACTIVITY_COUNTS_INDEX } from '#lib/store/collections/activity.ts';
import { FIRST_VISIT_INDEX } from '#lib/store/collections/customer-link.ts';
import { countDocuments } from './count-documents.ts';

/** How many visits began in a range of days, and how many of them were the first of their customer. */
export type Visits = Readonly<{ total: number; first: number }>;

/** Counts the visits of the caller's business. What is left here of an archived order says when it was, and that it was a visit. */
export const countVisits = async ({ from, to }: DayRange, scope: BusinessScope): Promise<Visits> => {
  const between = { $gte: startOf(from), $lt: startOf(to + 1) };
  const [total, first] = await Promise.all([
    countDocuments(
      {
        collection: 'activity',
        filter: { kind: 'order', counts: 'visit', startAt: between },
        hint: ACTIVITY_COUNTS_INDEX,
      },
      scope,
    ),
    countDocuments(
      {
        collection: 'customer_link',
        // A survivor has the first visit of its losers too.
        filter: { firstVisitAt: between, mergedInto: { $exists: false } },
        hint: FIRST_VISIT_INDEX,
      },
      scope,
    ),
  ]);
  return { total, first };
};
