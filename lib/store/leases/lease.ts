import type { SystemScope } from '#lib/domain/access/scope.ts';
import { connect } from '#lib/store/database/connection.ts';
import { updateByClock } from '#lib/store/database/update-by-clock.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/** How long a lease lasts unless it is renewed: longer than a step of any task takes. */
const LEASE_MS = 90_000;
/** A lease that ends later than this was made before the database's clock was set back. */
const LATEST_MS = 2 * LEASE_MS;

/** Goes on holding the lease for 90 seconds. Call it before each step. False: another run has taken over, so stop. */
export type Renew = () => Promise<boolean>;

/**
 * Runs the work of a task unless another run of the same task does. One update takes the lease, by the database's clock. A
 * run that was killed loses it after 90 seconds. A lease saves double work and is no lock: a run that is slow may go on
 * after another one has taken over, so the work must be safe to do twice.
 * @returns the result of the work; null when another run works
 */
export const underLease = async <T>(
  scope: SystemScope,
  work: (renew: Renew) => Promise<T>,
): Promise<T | null> => {
  const renew = () => take(scope);
  if (!(await renew())) return null;
  try {
    return await work(renew);
  } finally {
    await release(scope);
  }
};

/**
 * Makes a run the one that waits for the lease. Those that waited need not any more: this one begins to look later than each
 * of them, so it misses nothing that they came for. So one run waits, however many are started.
 */
export const waitNext = async (scope: SystemScope): Promise<void> => {
  await modelOf(await connect(), 'lease')
    .updateOne({ _id: scope.purpose }, { $set: { next: scope.requestId } })
    .setOptions(queryOptions(scope));
};

/**
 * Whether a run is still the one that waits. False: a later one waits, or another one has begun since. True also when nobody has
 * the lease any more: then the run may take it.
 */
export const isNext = async (scope: SystemScope): Promise<boolean> => {
  const lease = await modelOf(await connect(), 'lease')
    .findOne({ _id: scope.purpose })
    .setOptions(queryOptions(scope))
    .lean();
  return lease === null || lease.next === scope.requestId;
};

const take = (scope: SystemScope): Promise<boolean> =>
  updateByClock(async () => {
    const lease = await modelOf(await connect(), 'lease')
      .findOneAndUpdate({ _id: scope.purpose }, taking(scope.requestId), {
        upsert: true,
        returnDocument: 'after',
        updatePipeline: true,
      })
      .setOptions(queryOptions(scope))
      .lean();
    return lease.holder === scope.requestId;
  });

/** The update that takes a free lease or renews an own one. It leaves the lease of another run as it is. */
const taking = (holder: string) => {
  const isHeldByAnother = {
    $and: [
      { $ne: ['$holder', holder] },
      { $gt: ['$until', '$$NOW'] },
      { $lt: ['$until', { $add: ['$$NOW', LATEST_MS] }] },
    ],
  };
  const unlessHeld = (field: string, value: unknown) => ({ $cond: [isHeldByAnother, field, value] });
  return [
    {
      $set: {
        holder: unlessHeld('$holder', holder),
        until: unlessHeld('$until', { $add: ['$$NOW', LEASE_MS] }),
      },
    },
  ];
};

/** Only the own lease: after a delay, another run may hold it. */
const release = async (scope: SystemScope): Promise<void> => {
  await modelOf(await connect(), 'lease')
    .deleteMany({ _id: scope.purpose, holder: scope.requestId })
    .setOptions(queryOptions(scope));
};
