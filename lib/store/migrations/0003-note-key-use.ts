import type { Connection } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import { askedBy } from '#lib/store/isolation/asked-by.ts';
import { modelOf } from '#lib/store/models/models.ts';
import { createCollection } from './create-collection.ts';

const SAYING = ['customer_link', 'erasure'] as const;

/**
 * Lets the re-encryption find its work, by an index on the keys that a record leans on. Of what was written before,
 * nobody knows which; and a keyed hash of a body, which no other key can make again, is dropped.
 */
export const noteKeyUse = async (connection: Connection, scope: SystemScope): Promise<void> => {
  for (const name of [...SAYING, 'idempotency', 'key_rotation'] as const) {
    await createCollection(connection, name);
  }
  for (const name of SAYING) {
    await modelOf(connection, name)
      .updateMany({ keyUse: { $exists: false } }, { $set: { keyUse: '' }, $unset: { bodyHash: '' } })
      // The schema has forgotten what is dropped.
      .setOptions({ ...askedBy(scope), strict: false, timestamps: false });
  }
};
