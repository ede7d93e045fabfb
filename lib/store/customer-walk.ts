import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { Customer } from '#lib/domain/customer.ts';
import { connect } from './connection.ts';
import type { LeanCustomer } from './customer-document.ts';
import { CUSTOMER_LOOKUP, openLinked } from './customer-reader.ts';
import { askedBy } from './isolation/asked-by.ts';
import { guardedAggregate } from './isolation/guarded-aggregate.ts';
import { BUSINESS_CUSTOMER_INDEX, TYPE_STATE_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';

const AT_ONCE = 500;
const BEFORE_ALL = new Types.ObjectId('0'.repeat(24));

const liveOf = (scope: BusinessScope) => ({
  businessId: new Types.ObjectId(scope.businessId),
  state: { $ne: 'deleted' as const },
});

/** How many live customers the caller's business has. */
export const countLive = async (scope: BusinessScope): Promise<number> =>
  await modelOf(await connect(), 'customer_link')
    .countDocuments(liveOf(scope))
    .setOptions({ ...askedBy(scope), hint: TYPE_STATE_INDEX });

/**
 * All live customers of the caller's business in order of their ids, some at a time: who is there all the while is in it
 * once, as when its turn came; who comes or goes meanwhile may be in it or not.
 */
export async function* walkLive(whole: BusinessScope): AsyncGenerator<readonly Customer[]> {
  for (let after = BEFORE_ALL; ;) {
    // What one page read is not kept for the next.
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
