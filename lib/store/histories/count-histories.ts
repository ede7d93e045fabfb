import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { BUSINESS_CUSTOMER_INDEX } from '#lib/store/collections/customer-link.ts';
import { BUSINESS_AT_INDEX } from '#lib/store/collections/erasure.ts';
import { connect } from '#lib/store/database/connection.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { startOf, type Walk } from './check-histories.ts';

/**
 * Counts the histories that `checkHistories` will verify: the links and erasure records after the start of the walk. Live
 * changes make it a little wrong.
 */
export const countHistories = async (
  walk: Pick<Walk, 'businessId' | 'after'>,
  scope: SystemScope,
): Promise<number> => {
  const start = startOf(walk);
  const businessId = new Types.ObjectId(start.businessId);
  const after = { $gt: new Types.ObjectId(start.customerId) };
  const links = modelOf(await connect(), 'customer_link');
  const erasures = modelOf(await connect(), 'erasure');
  // The planner might choose an index that has many keys for each link, or the one of all ids.
  const ofLinks = { ...queryOptions(scope), hint: BUSINESS_CUSTOMER_INDEX };
  const ofErasures = { ...queryOptions(scope), hint: BUSINESS_AT_INDEX };
  const inBusiness =
    (await links.countDocuments({ businessId, customerId: after }).setOptions(ofLinks)) +
    (await erasures.countDocuments({ businessId, _id: after }).setOptions(ofErasures));
  if (walk.businessId !== undefined) return inBusiness;
  const next = { businessId: { $gt: businessId } };
  return (
    inBusiness +
    (await links.countDocuments(next).setOptions(ofLinks)) +
    (await erasures.countDocuments(next).setOptions(ofErasures))
  );
};
