import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { SUM_FIELDS } from '#lib/store/customers/activity-sums.ts';
import { ownerByOrders } from '#lib/store/customers/named-by-orders.ts';
import { MOST_MERGES } from '#lib/store/customers/reader.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';

/** What a link says of the orders and payments of its customer. */
export const ACTIVITY_FIELDS = {
  customerId: 1,
  mergedInto: 1,
  away: 1,
  'absorbed.loserId': 1,
  ...SUM_FIELDS,
} as const;

type ActivityField = Exclude<keyof typeof ACTIVITY_FIELDS, 'absorbed.loserId'>;

/** The part of a link that reads of orders and payments need. */
export type ActivityLink = Pick<CustomerLinkDocument, ActivityField | 'preferences'> &
  Readonly<{ absorbed?: readonly Readonly<{ loserId: Types.ObjectId }>[] }>;

/** The ids under which the orders and payments of a customer lie: its own, and those of everybody who was merged into it. */
export const idsOf = ({ customerId, absorbed = [] }: ActivityLink): readonly Types.ObjectId[] => [
  customerId,
  ...absorbed.map(({ loserId }) => loserId),
];

const readLink = async (
  customerId: Types.ObjectId,
  fields: Readonly<Record<string, 1>>,
  scope: BusinessScope,
): Promise<ActivityLink | null> => {
  const [link] = await guardedAggregate<ActivityLink>(
    await connect(),
    'customer_link',
    [
      { $match: { businessId: new Types.ObjectId(scope.businessId), customerId } },
      { $limit: 1 },
      { $project: { _id: 0, ...fields } },
    ],
    { scope },
  );
  return link ?? null;
};

/**
 * The link of a customer or, if it was merged into another one, of that customer. Each merge costs one more round trip. An id
 * that no customer of the business has may be one by which its orders name a customer. Null for an unknown id, for the id of
 * another business's customer, and when the survivor was purged.
 */
export const findActivityLink = async (
  id: string,
  more: Readonly<{ preferences?: 1 }>,
  scope: BusinessScope,
): Promise<ActivityLink | null> => {
  const readNamed = async (byOrders: string): Promise<ActivityLink | null> => {
    const owner = await ownerByOrders(byOrders, scope);
    return owner === null ? null : await read(new Types.ObjectId(owner));
  };
  const read = (one: Types.ObjectId) => readLink(one, { ...ACTIVITY_FIELDS, ...more }, scope);
  let found = (await read(new Types.ObjectId(id))) ?? (await readNamed(id));
  for (let merges = 0; found?.mergedInto !== undefined && merges < MOST_MERGES; merges += 1)
    found = await read(found.mergedInto);
  return found;
};
