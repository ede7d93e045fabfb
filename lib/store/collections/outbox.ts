import { Schema, type Types } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/** An event for other services: ids and states only. */
export type OutboxDocument = {
  _id: Types.ObjectId;
  type: string;
  businessId: Types.ObjectId;
  customerId: Types.ObjectId;
  version: number;
  state: string;
  at: Date;
  /** True until the relay has published it, then absent. */
  pending?: true;
};

export const outbox = defineCollection<OutboxDocument>({
  schema: () =>
    new Schema(
      {
        type: String,
        businessId: Schema.Types.ObjectId,
        customerId: Schema.Types.ObjectId,
        version: Number,
        state: String,
        at: Date,
        pending: Boolean,
      },
      { versionKey: false },
    ),
  indexes: [{ name: 'pending', key: { pending: 1, _id: 1 }, partialFilterExpression: { pending: true } }],
  owner: 'businessId',
  person: {
    foundBy: 'customerId',
    erasing: { by: 'keeping', why: 'ids and times only, so that other services hear of the erasure' },
    exported: 'no',
    archiving: { by: 'staying' },
    holds: 'events for other services',
  },
  kinds: {
    _id: 'technical',
    type: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    version: 'technical',
    state: 'technical',
    at: 'technical',
    pending: 'technical',
  },
});
