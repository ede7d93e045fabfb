import type { Connection } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import { markedBy } from '#lib/store/isolation/asked-by.ts';
import { createCollection } from './create-collection.ts';

const WALKED = ['customer_link', 'erasure'] as const;

/**
 * Lets the re-encryption find its work: by an index on the keys that a record leans on. Of what was written before,
 * nobody knows; and a hash of a body that only an old key can make again is dropped.
 */
export const noteKeyUse = async (connection: Connection, scope: SystemScope): Promise<void> => {
  for (const name of [...WALKED, 'idempotency', 'key_rotation'] as const) {
    await createCollection(connection, name);
  }
  for (const name of WALKED) {
    await connection
      .collection(name)
      .updateMany(
        { keyUse: { $exists: false } },
        { $set: { keyUse: '' }, $unset: { bodyHash: '' } },
        markedBy(scope),
      );
  }
};
