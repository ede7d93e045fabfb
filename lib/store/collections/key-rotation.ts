import { Schema } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/** When the re-encryption first saw the current keyring, by the database's clock. */
export type KeyRotationDocument = { _id: 'keyring'; keyUse: string; since: Date };

export const keyRotation = defineCollection<KeyRotationDocument>({
  schema: () => new Schema({ _id: String, keyUse: String, since: Date }, { versionKey: false }),
  indexes: [],
  owner: 'service',
  person: null,
  kinds: { _id: 'technical', keyUse: 'technical', since: 'technical' },
});
