import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { BUSINESS_CUSTOMER_INDEX } from '#lib/store/collections/customer-link.ts';
import { BUSINESS_AT_INDEX } from '#lib/store/collections/erasure.ts';
import { connect } from '#lib/store/database/connection.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { startOf, type Walk } from './check-histories.ts';

type Start = Pick<Walk, 'businessId' | 'after'>;

/** Counts the links after the start of a walk over one business, or over every business. Live changes make it a little wrong. */
export const countLinks = async (walk: Start, scope: SystemScope): Promise<number> => {
  const start = startOf(walk);
  const businessId = new Types.ObjectId(start.businessId);
  const after = { $gt: new Types.ObjectId(start.customerId) };
  const links = modelOf(await connect(), 'customer_link');
  // The planner might choose an index that has many keys for each link.
  const options = { ...queryOptions(scope), hint: BUSINESS_CUSTOMER_INDEX };
  const inBusiness = await links.countDocuments({ businessId, customerId: after }).setOptions(options);
  if (walk.businessId !== undefined) return inBusiness;
  return inBusiness + (await links.countDocuments({ businessId: { $gt: businessId } }).setOptions(options));
};

const countErasures = async (walk: Start, scope: SystemScope): Promise<number> => {
  const start = startOf(walk);
  const businessId = new Types.ObjectId(start.businessId);
  const after = { $gt: new Types.ObjectId(start.customerId) };
  const erasures = modelOf(await connect(), 'erasure');
  // The planner might choose the index of all ids.
  const options = { ...queryOptions(scope), hint: BUSINESS_AT_INDEX };
  const inBusiness = await erasures.countDocuments({ businessId, _id: after }).setOptions(options);
  if (walk.businessId !== undefined) return inBusiness;
  return (
    inBusiness + (await erasures.countDocuments({ businessId: { $gt: businessId } }).setOptions(options))
  );
};

/** Counts the histories that `checkHistories` will verify: the links and erasure records after the start of the walk. */
export const countHistories = async (walk: Start, scope: SystemScope): Promise<number> =>
  (await countLinks(walk, scope)) + (await countErasures(walk, scope));
