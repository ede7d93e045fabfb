import type { Connection, Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { noCounts } from '#lib/store/collections/customer-link.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { createCollection } from './create-collection.ts';

const AT_ONCE = 1_000;

/**
 * Creates the collections of orders and payments, and builds the indexes of what they amount to for each customer. Then it
 * writes zeros into the links of earlier versions, a thousand at a time: a run that was killed is taken up by the next.
 */
export const createActivity = async (connection: Connection, scope: SystemScope): Promise<void> => {
  await createCollection(connection, 'activity');
  await createCollection(connection, 'activity_source');
  await createCollection(connection, 'customer_link');
  const links = modelOf(connection, 'customer_link');
  for (let after: Types.ObjectId | undefined = FIRST_ID; after !== undefined;) {
    const ids: Types.ObjectId[] = await linksAfter(after);
    if (ids.length > 0)
      // A fold that came first has written them already.
      await links
        .updateMany({ _id: { $in: ids }, folds: { $exists: false } }, { $set: noCounts() })
        .setOptions({ ...queryOptions(scope), timestamps: false });
    after = ids.at(-1);
  }

  async function linksAfter(last: Types.ObjectId): Promise<Types.ObjectId[]> {
    const found = await links
      .find({ _id: { $gt: last } })
      .select({ _id: 1 })
      .sort({ _id: 1 })
      .limit(AT_ONCE)
      .setOptions(queryOptions(scope))
      .lean<{ _id: Types.ObjectId }[]>();
    return found.map(({ _id }) => _id);
  }
};
