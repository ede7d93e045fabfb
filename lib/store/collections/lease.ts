import { Schema } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/** Which run of a task works now. Removed when the run ends; what a killed run leaves is taken over. */
export type LeaseDocument = {
  /** The name of the task. */
  _id: string;
  /** The id of the run. */
  holder: string;
  /** Until when no other run may begin, by the database's clock. */
  until: Date;
  /** The id of the newest run that waits for this one to end. Absent when none does. */
  next?: string;
};

export const lease = defineCollection<LeaseDocument>({
  schema: () => new Schema({ _id: String, holder: String, until: Date, next: String }, { versionKey: false }),
  indexes: [],
  owner: 'service',
  person: null,
  kinds: { _id: 'technical', holder: 'technical', until: 'technical', next: 'technical' },
});
