import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';

/** A deleted customer, in the version that this request writes. */
type Deleted = Readonly<{ id: string; version: number }>;

/**
 * Stages the time from which a deleted customer may be purged. The database computes it, because a Lambda's clock must
 * not decide.
 * @param retentionDays null keeps the customer for ever, and stages nothing
 */
export const stagePurgeDate = (
  { id, version }: Deleted,
  retentionDays: number | null,
  scope: BusinessScope,
): void => {
  if (retentionDays === null) return;
  const purgeAfter = { $dateAdd: { startDate: '$$NOW', unit: 'day', amount: retentionDays } };
  stage(scope, {
    update: 'customer_link',
    filter: {
      businessId: new Types.ObjectId(scope.businessId),
      customerId: new Types.ObjectId(id),
      version,
    },
    change: { pipeline: [{ $set: { purgeAfter } }] },
  });
};
