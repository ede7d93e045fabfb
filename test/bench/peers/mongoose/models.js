import { Schema } from 'mongoose';

const { ObjectId } = Schema.Types;
const of = (collection, fields, options = {}) =>
  new Schema(fields, { collection, versionKey: false, autoIndex: false, autoCreate: false, ...options });
const STATES = ['active', 'suspended', 'archived', 'deleted', 'inactive'];

/** One schema for each collection; the migrations have made their indexes. */
export const SCHEMAS = {
  customer: of(
    'customer',
    {
      firstName: { type: String, default: null },
      lastName: { type: String, default: null },
      phone: { type: Buffer, default: null },
      email: { type: Buffer, default: null },
      note: { type: Buffer, default: null },
      customerType: { type: String, enum: ['regular', 'unregistered', 'new', 'anonymous'], required: true },
      stateHistory: [{ _id: false, state: { type: String, enum: STATES }, setAt: Date }],
    },
    { timestamps: true, versionKey: '__v' },
  ),
  customer_link: of('customer_link', {
    businessId: { type: ObjectId, required: true },
    customerId: { type: ObjectId, required: true },
    relation: String,
    state: String,
    version: Number,
    customerType: String,
    createdAt: Date,
    updatedAt: Date,
    emailKeys: { type: [Buffer], default: undefined },
    phoneKeys: { type: [Buffer], default: undefined },
    holdsEmail: Boolean,
    holdsPhone: Boolean,
    createdKey: String,
    updatedKey: String,
    nameKey: String,
    firstKey: String,
    searchTokens: [Buffer],
    matchKeys: [Buffer],
    mergedInto: ObjectId,
    bodyDigest: Buffer,
    auditSeq: Number,
    auditHead: Buffer,
    keyUse: String,
  }),
  customer_audit: of('customer_audit', {
    businessId: { type: ObjectId, required: true },
    customerId: { type: ObjectId, required: true },
    seq: Number,
    at: Date,
    actor: String,
    role: String,
    purpose: String,
    requestId: String,
    action: String,
    fields: [String],
    from: String,
    to: String,
    keyId: String,
    hash: Buffer,
  }),
  outbox: of('outbox', {
    type: String,
    businessId: { type: ObjectId, required: true },
    customerId: { type: ObjectId, required: true },
    version: Number,
    state: String,
    at: Date,
    pending: Boolean,
  }),
  idempotency: of('idempotency', {
    _id: Buffer,
    businessId: { type: ObjectId, required: true },
    payloadHash: Buffer,
    answer: Buffer,
    keyId: String,
    expiresAt: Date,
  }),
  business_settings: of('business_settings', {
    regularRequires: String,
    uniqueEmail: Schema.Types.Mixed,
    uniquePhone: Schema.Types.Mixed,
    defaultCountry: String,
    retentionDays: Number,
  }),
  rate_limit: of('rate_limit', { left: Number, at: Date, granted: Number }),
};
