import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { guardedAggregate } from './isolation/guarded-aggregate.ts';
import { modelOf } from './models/models.ts';

/** A business that switched a uniqueness on and whose customers are still being checked. */
export type PendingUniqueness = Readonly<{
  businessId: string;
  field: 'email' | 'phone';
  /** When the settings were last chosen. */
  since: Date;
}>;

const FIELDS = {
  email: { setting: 'uniqueEmail', keys: 'emailKeys', holds: 'holdsEmail' },
  phone: { setting: 'uniquePhone', keys: 'phoneKeys', holds: 'holdsPhone' },
} as const;
const MOST_CONFLICTS = 1_000;
const HELD_AT_ONCE = 2_000;

/** Every uniqueness that is pending, in whichever business. */
export const findPending = async (scope: SystemScope): Promise<PendingUniqueness[]> => {
  const settings = await modelOf(await connect(), 'business_settings')
    .find({ $or: [{ uniqueEmail: 'pending' }, { uniquePhone: 'pending' }] })
    .setOptions(askedBy(scope))
    .lean();
  return settings.flatMap(({ _id, updatedAt, ...chosen }) =>
    (['email', 'phone'] as const)
      .filter((field) => chosen[FIELDS[field].setting] === 'pending')
      .map((field) => ({ businessId: _id.toHexString(), field, since: updatedAt })),
  );
};

const liveOwners = ({ businessId }: PendingUniqueness) => ({
  businessId: new Types.ObjectId(businessId),
  relation: 'owner',
  state: { $ne: 'deleted' },
});

/** Groups of live customers that share a value: ids only. */
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

/** Holds the values of some more live customers; true when all are held. */
export const holdMore = async (pending: PendingUniqueness, scope: SystemScope): Promise<boolean> => {
  const { keys, holds } = FIELDS[pending.field];
  const links = modelOf(await connect(), 'customer_link');
  const loose: Readonly<Record<string, unknown>> = {
    ...liveOwners(pending),
    [keys]: { $exists: true },
    [holds]: false,
  };
  const found = await links
    .find(loose)
    .select({ _id: 1 })
    .limit(HELD_AT_ONCE)
    .setOptions(askedBy(scope))
    .lean();
  if (found.length === 0) return true;
  const ids = found.map(({ _id }) => _id);
  await links
    .updateMany({ ...loose, _id: { $in: ids } }, { $set: { [holds]: true } }, { timestamps: false })
    .setOptions(askedBy(scope));
  return false;
};

/** Ends `pending`, unless the business chose anew meanwhile. */
export const settle = async (
  { businessId, field, since }: PendingUniqueness,
  scope: SystemScope,
): Promise<void> => {
  const { setting } = FIELDS[field];
  await modelOf(await connect(), 'business_settings')
    .updateOne(
      { _id: new Types.ObjectId(businessId), [setting]: 'pending', updatedAt: since },
      { $set: { [setting]: true }, $inc: { version: 1 } },
    )
    .setOptions(askedBy(scope));
};
