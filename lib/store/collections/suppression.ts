import { Schema, type Types } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/**
 * That an address has refused something. It names no customer and outlives all of them: purge and erasure keep it, so that
 * the refusal is honoured when the person is added again.
 */
export type SuppressionDocument = {
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  /** A hash of purpose, channel and address, made with the pepper: lib/privacy/suppression-key.ts. No rotation changes it. */
  key: Buffer;
  /** The time of the latest refusal. */
  at: Date;
};

/** Finds a refusal by its hash. */
export const SUPPRESSION_INDEX = 'business_key_unique';

export const suppression = defineCollection<SuppressionDocument>({
  schema: () =>
    new Schema({ businessId: Schema.Types.ObjectId, key: Buffer, at: Date }, { versionKey: false }),
  indexes: [{ name: SUPPRESSION_INDEX, key: { businessId: 1, key: 1 }, unique: true }],
  owner: 'businessId',
  // The documents name no customer, so none is found by one: the export reads them by the customer's addresses.
  person: null,
  kinds: { _id: 'technical', businessId: 'technical', key: 'keyed', at: 'technical' },
});
