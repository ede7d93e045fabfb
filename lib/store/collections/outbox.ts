import { Schema, type Types } from 'mongoose';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';
import type { CustomerEventType } from '#lib/domain/messages/customer-event.ts';
import type { Channel } from '#lib/domain/rights/consents.ts';
import { defineCollection } from './define-collection.ts';

/** What an event says beside ids, states and names of fields, by its type. It holds nothing personal. */
export type EventDetails = {
  /** For `consent-changed`: what is in effect for each purpose and channel that was spoken about. */
  changes?: { purpose: string; channel: Channel; granted: boolean }[];
  /** For `customer-state-changed`. */
  from?: CustomerState;
  to?: CustomerState;
  /** For `customer-merged` and `customer-unmerged`. */
  survivorId?: Types.ObjectId;
};

/** An event for other services: ids, states and names of fields only. */
export type OutboxDocument = {
  _id: Types.ObjectId;
  type: CustomerEventType;
  businessId: Types.ObjectId;
  customerId: Types.ObjectId;
  /** The number of the entry in the customer's history that goes with it: the order of a customer's events. Earlier versions wrote none. */
  seq?: number;
  version: number;
  state: CustomerState;
  at: Date;
  /** The names of what changed. */
  fields?: string[];
  about?: EventDetails;
  /** True until `relay-events` has published it, then absent. */
  pending?: true;
  /** When it was published. It is removed seven days later. */
  publishedAt?: Date;
  /** How many times the bus refused it. */
  tries?: number;
};

/** For the oldest events that wait. */
export const PENDING_INDEX = 'pending';
/** For all events of a customer that wait, in their order. */
export const PENDING_OF_CUSTOMER_INDEX = 'pending_of_customer';

const PUBLISHED_KEPT_DAYS = 7;
const DAY_SECONDS = 86_400;

export const outbox = defineCollection<OutboxDocument>({
  schema: () =>
    new Schema(
      {
        type: String,
        businessId: Schema.Types.ObjectId,
        customerId: Schema.Types.ObjectId,
        seq: Number,
        version: Number,
        state: String,
        at: Date,
        fields: { type: [String], default: undefined },
        about: {
          type: new Schema(
            {
              changes: {
                type: [new Schema({ purpose: String, channel: String, granted: Boolean }, { _id: false })],
                default: undefined,
              },
              from: String,
              to: String,
              survivorId: Schema.Types.ObjectId,
            },
            { _id: false },
          ),
          default: undefined,
        },
        pending: Boolean,
        publishedAt: Date,
        tries: Number,
      },
      { versionKey: false },
    ),
  indexes: [
    { name: PENDING_INDEX, key: { pending: 1, _id: 1 }, partialFilterExpression: { pending: true } },
    {
      name: PENDING_OF_CUSTOMER_INDEX,
      key: { pending: 1, customerId: 1, seq: 1 },
      partialFilterExpression: { pending: true },
    },
    {
      name: 'published',
      key: { publishedAt: 1 },
      expireAfterSeconds: PUBLISHED_KEPT_DAYS * DAY_SECONDS,
      partialFilterExpression: { publishedAt: { $exists: true } },
    },
  ],
  owner: 'businessId',
  person: {
    foundBy: 'customerId',
    erasing: { by: 'keeping', why: 'ids and times only, so that other services hear of the erasure' },
    exported: { under: 'none', why: 'ids, states and times of changes, which the history shows' },
    archiving: { by: 'staying' },
    holds: 'events for other services',
    keptUntil: 'until 7 days after it was published',
  },
  kinds: {
    _id: 'technical',
    type: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    seq: 'technical',
    version: 'technical',
    state: 'technical',
    at: 'technical',
    fields: 'technical',
    about: {
      changes: { purpose: 'technical', channel: 'technical', granted: 'technical' },
      from: 'technical',
      to: 'technical',
      survivorId: 'technical',
    },
    pending: 'technical',
    publishedAt: 'technical',
    tries: 'technical',
  },
});
