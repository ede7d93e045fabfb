import type { SystemScope } from '#lib/domain/actor.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { connect } from '#lib/store/connection.ts';
import { metAnother } from '#lib/store/database-errors.ts';
import { askedBy } from '#lib/store/isolation/asked-by.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { modelOf } from '#lib/store/models/models.ts';
import { keyUseOfRing } from './key-uses.ts';

const _id = 'keyring';

/** Notes, by the database's clock, since when the keyring has been this one. */
export const noteKeyring = async (ring: Keyring, scope: SystemScope): Promise<void> => {
  const keyUse = keyUseOfRing(ring);
  try {
    await modelOf(await connect(), 'key_rotation')
      .updateOne(
        { _id },
        [{ $set: { keyUse, since: { $cond: [{ $eq: ['$keyUse', keyUse] }, '$since', '$$NOW'] } } }],
        { upsert: true, updatePipeline: true },
      )
      .setOptions(askedBy(scope));
  } catch (error) {
    // Another copy of this run notes it in this moment.
    if (!metAnother(error)) throw error;
  }
};

/** For how many milliseconds the keyring has been this one, as far as it was noted; 0 when it was not. */
export const keyringAgeMs = async (ring: Keyring, scope: SystemScope): Promise<number> => {
  const age = [
    { $match: { _id, keyUse: keyUseOfRing(ring) } },
    { $project: { _id: 0, ageMs: { $subtract: ['$$NOW', '$since'] } } },
  ];
  const [noted] = await guardedAggregate<{ ageMs: number }>(await connect(), 'key_rotation', age, { scope });
  return noted?.ageMs ?? 0;
};
