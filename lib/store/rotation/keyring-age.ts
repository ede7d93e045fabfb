import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { connect } from '#lib/store/database/connection.ts';
import { isConcurrentUpdate } from '#lib/store/database/database-errors.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { keyUseOfRing } from './key-uses.ts';

const _id = 'keyring';

/** Records since when this keyring has been in use, by the database's clock. Keeps the time if it is recorded already. */
export const noteKeyring = async (ring: Keyring, scope: SystemScope): Promise<void> => {
  const keyUse = keyUseOfRing(ring);
  try {
    await modelOf(await connect(), 'key_rotation')
      .updateOne(
        { _id },
        [{ $set: { keyUse, since: { $cond: [{ $eq: ['$keyUse', keyUse] }, '$since', '$$NOW'] } } }],
        { upsert: true, updatePipeline: true },
      )
      .setOptions(queryOptions(scope));
  } catch (error) {
    // Another copy of this task has just recorded it.
    if (!isConcurrentUpdate(error)) throw error;
  }
};

/** For how many milliseconds this keyring has been in use, as recorded; 0 when it was not recorded. */
export const keyringAgeMs = async (ring: Keyring, scope: SystemScope): Promise<number> => {
  const age = [
    { $match: { _id, keyUse: keyUseOfRing(ring) } },
    { $project: { _id: 0, ageMs: { $subtract: ['$$NOW', '$since'] } } },
  ];
  const [noted] = await guardedAggregate<{ ageMs: number }>(await connect(), 'key_rotation', age, { scope });
  return noted?.ageMs ?? 0;
};
