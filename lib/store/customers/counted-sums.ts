import { Types } from 'mongoose';
import { NO_TOTALS } from '#lib/domain/activity/counts.ts';
import { NO_SPAN } from '#lib/domain/activity/spans.ts';
import { plus, spansWith, totalsOf } from '#lib/domain/activity/totals.ts';
import type { ActivityDocument } from '#lib/store/collections/activity.ts';
import { type CustomerLinkDocument, MERGED_INDEX } from '#lib/store/collections/customer-link.ts';
import { type ErasureDocument, OPEN_INDEX } from '#lib/store/collections/erasure.ts';
import { connect } from '#lib/store/database/connection.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { storedFrom } from './activity-facts.ts';
import type { Place, Sums } from './activity-sums.ts';

/** What the orders and payments of a customer amount to, and those of everybody who was merged into it. */
export const countSums = async (customerId: string, place: Place): Promise<Sums> => {
  const documents = await modelOf(await connect(), 'activity')
    .find({
      businessId: new Types.ObjectId(place.businessId),
      customerId: { $in: await familyOf(customerId, place) },
    })
    .setOptions(queryOptions(place.scope))
    .lean<ActivityDocument[]>();
  const facts = documents.map((document) => storedFrom(document).facts);
  return {
    totals: facts.map(totalsOf).reduce(plus, NO_TOTALS),
    ...spansWith({ orders: NO_SPAN, visits: NO_SPAN }, facts),
  };
};

/** A customer and everybody who was merged into it; also those who were purged and whose orders are still to be given to it. */
const familyOf = async (customerId: string, { businessId, scope }: Place): Promise<Types.ObjectId[]> => {
  const business = new Types.ObjectId(businessId);
  const all: Types.ObjectId[] = [];
  for (let level = [new Types.ObjectId(customerId)]; level.length > 0;) {
    all.push(...level);
    const losers = await modelOf(await connect(), 'customer_link')
      .find({ businessId: business, mergedInto: { $in: level } })
      .select({ _id: 0, customerId: 1 })
      .hint(MERGED_INDEX)
      .setOptions(queryOptions(scope))
      .lean<Pick<CustomerLinkDocument, 'customerId'>[]>();
    const purged = await modelOf(await connect(), 'erasure')
      .find({ open: true, businessId: business, mergedInto: { $in: level } })
      .select({ _id: 1 })
      .hint(OPEN_INDEX)
      .setOptions(queryOptions(scope))
      .lean<Pick<ErasureDocument, '_id'>[]>();
    level = [...losers.map((link) => link.customerId), ...purged.map(({ _id }) => _id)];
  }
  return all;
};
