import { Types } from 'mongoose';
import type { ActivityKind } from '#lib/domain/activity/counts.ts';
import type { Folded } from '#lib/domain/activity/fold.ts';
import type { Write } from '#lib/store/database/write.ts';
import { fieldsFrom, OPTIONAL_FIELDS, type StoredActivity } from './activity-facts.ts';

/** An order or a payment of a business. */
export type SourceKey = Readonly<{
  businessId: Types.ObjectId;
  kind: ActivityKind;
  sourceId: Types.ObjectId;
}>;

/**
 * The write of what becomes of a source for one customer.
 * @param isAway whether the customer is in the archive, whose object has an older state or none
 */
export const foldedWrite = (
  key: SourceKey,
  { before, after }: Folded<StoredActivity>,
  isAway: boolean,
): Write => {
  const attendeeIds = after.attendeeIds.map((id) => new Types.ObjectId(id));
  const fields = {
    ...{ attendeeIds, stamp: after.stamp },
    ...fieldsFrom(after.facts),
    ...(isAway && { late: true as const }),
  };
  if (before === null) {
    const customerId = new Types.ObjectId(after.customerId);
    return {
      insertInto: 'activity',
      document: { _id: new Types.ObjectId(), ...key, customerId, ...fields },
    };
  }
  const gone = OPTIONAL_FIELDS.filter((name) => !(name in fields));
  return {
    update: 'activity',
    filter: { _id: before._id, businessId: key.businessId, stamp: before.stamp },
    change: {
      $set: fields,
      ...(gone.length > 0 && { $unset: Object.fromEntries(gone.map((name) => [name, '' as const])) }),
    },
  };
};
