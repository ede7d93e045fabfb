import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { CollectionName } from '#lib/store/collections/collections.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';

/** What is counted, and on which index. */
export type Counting = Readonly<{ collection: CollectionName; filter: object; hint: string }>;

/** How many documents of the caller's business pass a filter. */
export const countDocuments = async (
  { collection, filter, hint }: Counting,
  scope: BusinessScope,
): Promise<number> => {
  const [counted] = await guardedAggregate<{ n: number }>(
    await connect(),
    collection,
    [
      { $match: { ...filter, businessId: new Types.ObjectId(scope.businessId) } },
      { $group: { _id: 1, n: { $sum: 1 } } },
    ],
    { scope, hint },
  );
  return counted?.n ?? 0;
};
