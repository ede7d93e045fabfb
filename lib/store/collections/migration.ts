import { Schema } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/** A migration that was applied. Its id is the name of the migration. */
export type MigrationDocument = { _id: string; appliedAt: Date };

export const migration = defineCollection<MigrationDocument>({
  schema: () => new Schema({ _id: String, appliedAt: Date }, { versionKey: false }),
  indexes: [],
  owner: 'service',
  person: null,
  kinds: { _id: 'technical', appliedAt: 'technical' },
});
