import type { Connection } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { createCollection } from './create-collection.ts';

const WITH_KEY_USE = ['customer_link', 'erasure'] as const;

/**
 * Adds `keyUse` and its index, by which the re-encryption finds its work. It is empty in older records, because their keys
 * are unknown. Removes `bodyHash`, a keyed hash that cannot be made again with another key.
 */
export const noteKeyUse = async (connection: Connection, scope: SystemScope): Promise<void> => {
  for (const name of [...WITH_KEY_USE, 'idempotency', 'key_rotation'] as const) {
    await createCollection(connection, name);
  }
  for (const name of WITH_KEY_USE) {
    await modelOf(connection, name)
      .updateMany({ keyUse: { $exists: false } }, { $set: { keyUse: '' }, $unset: { bodyHash: '' } })
      // Not strict, because the schema no longer has `bodyHash`.
      .setOptions({ ...queryOptions(scope), strict: false, timestamps: false });
  }
};
