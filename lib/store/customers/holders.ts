import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type CustomerLinkDocument, EMAIL_INDEX, PHONE_INDEX } from '#lib/store/collections/customer-link.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { connect } from '#lib/store/database/connection.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/**
 * The live customers of the caller's business that have these keys, by the key in hexadecimal. If several have one, the newest of
 * them.
 */
export const holdersOf = async (
  field: 'email' | 'phone',
  wanted: readonly Buffer[],
  scope: BusinessScope,
): Promise<Map<string, string>> => {
  if (wanted.length === 0) return new Map();
  const name = `${field}Keys` as const;
  const links = await modelOf(await connect(), 'customer_link')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      [name]: { $in: wanted },
      state: { $ne: 'deleted' },
    })
    .select({ _id: 0, customerId: 1, createdKey: 1, [name]: 1 })
    .setOptions(queryOptions(scope))
    // Without the hint, a planner may walk all customers of the business.
    .hint(field === 'email' ? EMAIL_INDEX : PHONE_INDEX)
    .lean<Pick<CustomerLinkDocument, 'customerId' | 'createdKey' | 'emailKeys' | 'phoneKeys'>[]>();
  const byAge = links.sort((one, other) => (one.createdKey < other.createdKey ? -1 : 1));
  return new Map(
    byAge.flatMap(({ customerId, [name]: stored = [] }) =>
      stored.map((key): [string, string] => [bytesOf(key).toString('hex'), customerId.toHexString()]),
    ),
  );
};
