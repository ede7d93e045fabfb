import { Schema, type Types } from 'mongoose';
import type { Channel } from '#lib/domain/rights/consents.ts';
import { defineCollection } from './define-collection.ts';

/** What an event says beside ids and states, by its type. It holds nothing personal. */
export type EventDetails = {
  /** For `consent-changed`: what is in effect for each purpose and channel that was spoken about. */
  changes?: { purpose: string; channel: Channel; granted: boolean }[];
};

/** An event for other services: ids and states only. */
export type OutboxDocument = {
  _id: Types.ObjectId;
  type: string;
  businessId: Types.ObjectId;
  customerId: Types.ObjectId;
  version: number;
  state: string;
  at: Date;
  about?: EventDetails;
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
        about: {
          type: new Schema(
            {
              changes: {
                type: [new Schema({ purpose: String, channel: String, granted: Boolean }, { _id: false })],
                default: undefined,
              },
            },
            { _id: false },
          ),
          default: undefined,
        },
        pending: Boolean,
      },
      { versionKey: false },
    ),
  indexes: [{ name: 'pending', key: { pending: 1, _id: 1 }, partialFilterExpression: { pending: true } }],
  owner: 'businessId',
  person: {
    foundBy: 'customerId',
    erasing: { by: 'keeping', why: 'ids and times only, so that other services hear of the erasure' },
    exported: { under: 'none', why: 'ids, states and times of changes, which the history shows' },
    archiving: { by: 'staying' },
    holds: 'events for other services',
    keptUntil: 'for ever',
  },
  kinds: {
    _id: 'technical',
    type: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    version: 'technical',
    state: 'technical',
    at: 'technical',
    about: { changes: { purpose: 'technical', channel: 'technical', granted: 'technical' } },
    pending: 'technical',
  },
});
