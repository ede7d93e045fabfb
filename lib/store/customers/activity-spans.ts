import { Types } from 'mongoose';
import { at, joined, NO_SPAN, type Span } from '#lib/domain/activity/spans.ts';
import { LAST_SORTABLE } from '#lib/domain/sortable-time.ts';
import { ACTIVITY_CUSTOMER_INDEX, type ActivityDocument } from '#lib/store/collections/activity.ts';
import { MERGED_INDEX } from '#lib/store/collections/customer-link.ts';
import { connect } from '#lib/store/database/connection.ts';
import { BEGINNING } from '#lib/store/database/database-clock.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { type Place, type SumLink, type Sums, sumsOf } from './activity-sums.ts';

/** Which of the spans of a customer. */
export type SpanName = 'orders' | 'visits';

const COUNTED = { orders: ['booked', 'visit'], visits: ['visit'] } as const satisfies Record<
  SpanName,
  unknown
>;

/** What a span is read of, and what of it is known better than the database does. */
export type Wanted = Readonly<{
  customerId: string;
  name: SpanName;
  /** The orders that are left out: the caller adds what they are now. */
  without?: readonly string[];
  /** The losers of merges that are left out, and those whose sums are already known. */
  withoutLoser?: string;
  known?: ReadonlyMap<string, Sums>;
}>;

/**
 * The first and the last of a customer's own orders, or of its visits, and of those of everybody who was merged into it: two
 * bounded reads of the customer's own, and one of the links of who was merged into it.
 */
export const readSpan = async (wanted: Wanted, place: Place): Promise<Span> => {
  const [first, last, ofLosers] = [
    await readEnd(wanted, 1, place),
    await readEnd(wanted, -1, place),
    await spansOfLosers(wanted, place),
  ];
  return [at(first), at(last), ...ofLosers].reduce(joined, NO_SPAN);
};

const readEnd = async (
  { customerId, name, without = [] }: Wanted,
  direction: 1 | -1,
  { businessId, scope }: Place,
): Promise<Date | null> => {
  const [found] = await modelOf(await connect(), 'activity')
    .find({
      businessId: new Types.ObjectId(businessId),
      customerId: new Types.ObjectId(customerId),
      kind: 'order',
      counts: { $in: COUNTED[name] },
      sourceId: { $nin: without.map((id) => new Types.ObjectId(id)) },
      startAt: direction === 1 ? { $gte: BEGINNING } : { $lte: LAST_SORTABLE },
    })
    .sort({ startAt: direction })
    .limit(1)
    .select({ _id: 0, startAt: 1 })
    .hint(ACTIVITY_CUSTOMER_INDEX)
    .setOptions(queryOptions(scope))
    .lean<Pick<ActivityDocument, 'startAt'>[]>();
  return found?.startAt ?? null;
};

const LOSER_FIELDS = {
  ...{ customerId: 1, firstOrderAt: 1, lastOrderAt: 1, firstVisitAt: 1, lastVisitAt: 1 },
} as const;

const spansOfLosers = async (
  { customerId, name, withoutLoser, known }: Wanted,
  { businessId, scope }: Place,
): Promise<readonly Span[]> => {
  const losers = await modelOf(await connect(), 'customer_link')
    .find({ businessId: new Types.ObjectId(businessId), mergedInto: new Types.ObjectId(customerId) })
    .select({ _id: 0, ...LOSER_FIELDS })
    .hint(MERGED_INDEX)
    .setOptions(queryOptions(scope))
    .lean<Pick<SumLink, keyof typeof LOSER_FIELDS>[]>();
  return losers.flatMap((link) => {
    const id = link.customerId.toHexString();
    return id === withoutLoser ? [] : [(known?.get(id) ?? sumsOf(link))[name]];
  });
};
