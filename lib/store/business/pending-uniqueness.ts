import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

/** A uniqueness rule that a business has switched on, while its customers are still being checked. */
export type PendingUniqueness = Readonly<{
  businessId: string;
  field: 'email' | 'phone';
  /** When the settings were last changed. */
  since: Date;
}>;

const FIELDS = {
  email: { setting: 'uniqueEmail', keys: 'emailKeys', holds: 'holdsEmail' },
  phone: { setting: 'uniquePhone', keys: 'phoneKeys', holds: 'holdsPhone' },
} as const;
const MOST_CONFLICTS = 1_000;
const HELD_AT_ONCE = 2_000;

/** The pending uniqueness rules of all businesses. */
export const findPending = async (scope: SystemScope): Promise<PendingUniqueness[]> => {
  const settings = await modelOf(await connect(), 'business_settings')
    .find({ $or: [{ uniqueEmail: 'pending' }, { uniquePhone: 'pending' }] })
    .setOptions(queryOptions(scope))
    .lean();
  return settings.flatMap(({ _id, updatedAt, ...chosen }) =>
    (['email', 'phone'] as const)
      .filter((field) => chosen[FIELDS[field].setting] === 'pending')
      .map((field) => ({ businessId: _id.toHexString(), field, since: updatedAt })),
  );
};

const liveOwners = ({ businessId }: PendingUniqueness) => ({
  businessId: new Types.ObjectId(businessId),
  state: { $ne: 'deleted' },
});

/** The ids of live customers that share a value, in groups: 1,000 groups at most. */
export const findConflicts = async (pending: PendingUniqueness, scope: SystemScope): Promise<string[][]> => {
  const { keys } = FIELDS[pending.field];
  const groups = await guardedAggregate<{ customerIds: Types.ObjectId[] }>(
    await connect(),
    'customer_link',
    [
      { $match: { ...liveOwners(pending), [keys]: { $exists: true } } },
      { $unwind: `$${keys}` },
      { $group: { _id: `$${keys}`, customerIds: { $addToSet: '$customerId' }, count: { $sum: 1 } } },
      { $match: { count: { $gt: 1 } } },
      { $limit: MOST_CONFLICTS },
      { $project: { _id: 0, customerIds: 1 } },
    ],
    { scope },
  );
  return groups.map(({ customerIds }) => customerIds.map((id) => id.toHexString()));
};

/** Marks the values of up to 2,000 more live customers as held, so the unique index sees them. True when all are held. */
export const holdMore = async (pending: PendingUniqueness, scope: SystemScope): Promise<boolean> => {
  const { keys, holds } = FIELDS[pending.field];
  const links = modelOf(await connect(), 'customer_link');
  const notHeld: Readonly<Record<string, unknown>> = {
    ...liveOwners(pending),
    [keys]: { $exists: true },
    [holds]: false,
  };
  const found = await links
    .find(notHeld)
    .select({ _id: 1 })
    .limit(HELD_AT_ONCE)
    .setOptions(queryOptions(scope))
    .lean();
  if (found.length === 0) return true;
  const ids = found.map(({ _id }) => _id);
  await links
    .updateMany({ ...notHeld, _id: { $in: ids } }, { $set: { [holds]: true } }, { timestamps: false })
    .setOptions(queryOptions(scope));
  return false;
};

/** Replaces `pending` by true, unless the business has changed its settings since. */
export const markEnforced = async (
  { businessId, field, since }: PendingUniqueness,
  scope: SystemScope,
): Promise<void> => {
  const { setting } = FIELDS[field];
  await modelOf(await connect(), 'business_settings')
    .updateOne(
      { _id: new Types.ObjectId(businessId), [setting]: 'pending', updatedAt: since },
      { $set: { [setting]: true }, $inc: { version: 1 } },
    )
    .setOptions(queryOptions(scope));
};
