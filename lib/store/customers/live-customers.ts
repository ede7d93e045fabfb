import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { connect } from '#lib/store/database/connection.ts';
import type { LeanCustomer } from './document.ts';
import { CUSTOMER_LOOKUP, openLinked } from './reader.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { BUSINESS_CUSTOMER_INDEX, TYPE_STATE_INDEX } from '#lib/store/collections/customer-link.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

const AT_ONCE = 500;

const liveOf = (scope: BusinessScope) => ({
  businessId: new Types.ObjectId(scope.businessId),
  state: { $ne: 'deleted' as const },
});

/** How many live customers the caller's business has. */
export const countLive = async (scope: BusinessScope): Promise<number> =>
  await modelOf(await connect(), 'customer_link')
    .countDocuments(liveOf(scope))
    .setOptions({ ...queryOptions(scope), hint: TYPE_STATE_INDEX });

/**
 * All live customers of the caller's business in order of their ids, up to 500 at a time. A customer that exists
 * throughout is returned exactly once, as it is when its page is read. One that is added or deleted meanwhile may or may
 * not be returned.
 */
export async function* walkLive(whole: BusinessScope): AsyncGenerator<readonly Customer[]> {
  for (let after = FIRST_ID; ;) {
    // A scope for each page: the links read for one page give no access in the next.
    const scope = whole.again();
    const links = await guardedAggregate<{ customerId: Types.ObjectId; customer: LeanCustomer[] }>(
      await connect(),
      'customer_link',
      [
        { $match: { ...liveOf(scope), customerId: { $gt: after } } },
        { $sort: { customerId: 1 } },
        { $limit: AT_ONCE },
        { $project: { _id: 0, customerId: 1 } },
        CUSTOMER_LOOKUP,
      ],
      { scope, most: AT_ONCE, hint: BUSINESS_CUSTOMER_INDEX },
    );
    const last = links.at(-1);
    if (last === undefined) return;
    yield await openLinked(links, scope);
    after = last.customerId;
  }
}
