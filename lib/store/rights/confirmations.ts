import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Confirmation, Erasure } from '#lib/domain/rights/erasure.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';

/** Stages the confirmations of an erasure. Their number tells whether another one came first, because none is ever removed. */
export const saveConfirmations = (
  { id, confirmedBy: before }: Erasure,
  confirmedBy: readonly Confirmation[],
  scope: BusinessScope,
): void => {
  stage(scope, {
    update: 'erasure',
    filter: {
      _id: new Types.ObjectId(id),
      businessId: new Types.ObjectId(scope.businessId),
      confirmed: before.length === 0 ? { $exists: false } : { $size: before.length },
    },
    change: { $set: { confirmed: confirmedBy.map(({ service, at }) => ({ service, at })) } },
  });
};
