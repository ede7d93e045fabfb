import { Schema, type Types } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/** The first answer to a request that a client may send again. */
export type IdempotencyDocument = {
  /** HMAC of business, route, caller and key. */
  _id: Buffer;
  businessId: Types.ObjectId;
  payloadHash: Buffer;
  /** Status, headers and body, sealed. Absent: a customer that it showed was erased. */
  answer?: Buffer;
  /** The customers that it shows. */
  customerIds?: Types.ObjectId[];
  /** The id of the master key that sealed the answer. */
  keyId: string;
  expiresAt: Date;
};

export const idempotency = defineCollection<IdempotencyDocument>({
  schema: () =>
    new Schema(
      {
        _id: Buffer,
        businessId: Schema.Types.ObjectId,
        payloadHash: Buffer,
        answer: Buffer,
        customerIds: { type: [Schema.Types.ObjectId], default: undefined },
        keyId: String,
        expiresAt: Date,
      },
      { versionKey: false },
    ),
  indexes: [
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
    { name: 'key', key: { keyId: 1, expiresAt: 1 } },
    { name: 'business_customers', key: { businessId: 1, customerIds: 1 } },
  ],
  owner: 'businessId',
  person: {
    foundBy: 'customerIds',
    erasing: {
      by: 'emptying',
      field: 'answer',
      why: 'the key, so that no retry creates the customer again; for 24 hours',
    },
    exported: { under: 'none', why: 'copies of what the export shows' },
    archiving: { by: 'staying' },
    holds: 'copies of answers, for requests that are sent again',
    keptUntil: 'for 24 hours',
  },
  kinds: {
    _id: 'keyed',
    businessId: 'technical',
    payloadHash: 'keyed',
    answer: 'sealed',
    customerIds: 'technical',
    keyId: 'technical',
    expiresAt: 'technical',
  },
});
