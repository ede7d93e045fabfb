import { Schema, type Types } from 'mongoose';
import type { Role } from '#lib/domain/actor.ts';
import type { CustomerState } from '#lib/domain/customer-state.ts';
import type { IndexDeclaration } from './index-declaration.ts';

const { ObjectId } = Schema.Types;

/** The server's truth about what happened to a customer; append-only, chained by its hashes. */
export type AuditDocument = {
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  customerId: Types.ObjectId;
  seq: number;
  at: Date;
  actor: string;
  role: Role | null;
  purpose: string;
  requestId: string;
  action: string;
  /** Names of fields, never values. */
  fields: string[];
  from: CustomerState | null;
  to: CustomerState | null;
  /** Free text of a person, sealed and outside the hash, so that it can be erased. */
  reason?: Buffer;
  keyId: string;
  hash: Buffer;
};

export const auditSchema = (): Schema =>
  new Schema(
    {
      businessId: ObjectId,
      customerId: ObjectId,
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
      reason: Buffer,
      keyId: String,
      hash: Buffer,
    },
    { collection: 'customer_audit', versionKey: false },
  );
export const auditIndexes: readonly IndexDeclaration[] = [
  { name: 'history', key: { businessId: 1, customerId: 1, seq: 1 }, unique: true },
];

/** An event that other services will hear of; ids and states only. */
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

export const outboxSchema = (): Schema =>
  new Schema(
    {
      type: String,
      businessId: ObjectId,
      customerId: ObjectId,
      version: Number,
      state: String,
      at: Date,
      pending: Boolean,
    },
    { collection: 'outbox', versionKey: false },
  );
export const outboxIndexes: readonly IndexDeclaration[] = [
  { name: 'pending', key: { pending: 1, _id: 1 }, partialFilterExpression: { pending: true } },
];

/** The first answer to a request that a client may send again. */
export type IdempotencyDocument = {
  /** HMAC of business, route, caller and key. */
  _id: Buffer;
  businessId: Types.ObjectId;
  payloadHash: Buffer;
  /** Status, headers and body, sealed. */
  answer: Buffer;
  /** The master key that sealed it. */
  keyId: string;
  expiresAt: Date;
};

export const idempotencySchema = (): Schema =>
  new Schema(
    {
      _id: Buffer,
      businessId: ObjectId,
      payloadHash: Buffer,
      answer: Buffer,
      keyId: String,
      expiresAt: Date,
    },
    { collection: 'idempotency', versionKey: false },
  );
export const idempotencyIndexes: readonly IndexDeclaration[] = [
  { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  { name: 'key', key: { keyId: 1, expiresAt: 1 } },
];

/** The id of a purged customer, so that an offline copy learns of it. No personal data; kept 400 days. */
export type TombstoneDocument = { _id: Types.ObjectId; businessId: Types.ObjectId; at: Date };

export const tombstoneSchema = (): Schema =>
  new Schema({ businessId: ObjectId, at: Date }, { collection: 'tombstone', versionKey: false });
const TOMBSTONE_DAYS = 400;
export const tombstoneIndexes: readonly IndexDeclaration[] = [
  { name: 'business_at', key: { businessId: 1, at: 1, _id: 1 } },
  { name: 'expiry', key: { at: 1 }, expireAfterSeconds: TOMBSTONE_DAYS * 24 * 60 * 60 },
];

/** That a customer is gone for good, kept for ever: replayed after a restore from backup; its id is never given again. */
export type ErasureDocument = {
  /** The customer's id. */
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  at: Date;
  cause: 'retention';
  /** The head of the audit chain, so that a cut tail still shows. */
  auditSeq: number;
  auditHead: Buffer;
  /** Which master keys that chain leans on: lib/privacy/key-use.ts. */
  keyUse: string;
};

export const erasureSchema = (): Schema =>
  new Schema(
    { businessId: ObjectId, at: Date, cause: String, auditSeq: Number, auditHead: Buffer, keyUse: String },
    { collection: 'erasure', versionKey: false },
  );
export const erasureIndexes: readonly IndexDeclaration[] = [
  { name: 'business_at', key: { businessId: 1, at: 1 } },
  { name: 'key_use', key: { keyUse: 1, businessId: 1, _id: 1 } },
];

/** What a business chose; absent fields mean the defaults. */
export type BusinessSettingsDocument = {
  /** The business's id. */
  _id: Types.ObjectId;
  regularRequires?: 'email-and-phone' | 'email-or-phone';
  uniqueEmail?: boolean | 'pending';
  uniquePhone?: boolean | 'pending';
  defaultCountry?: string;
  retentionDays?: number | null;
  version: number;
  updatedAt: Date;
};

export const businessSettingsSchema = (): Schema =>
  new Schema(
    {
      regularRequires: String,
      uniqueEmail: Schema.Types.Mixed,
      uniquePhone: Schema.Types.Mixed,
      defaultCountry: String,
      retentionDays: Number,
      version: Number,
      updatedAt: Date,
    },
    { collection: 'business_settings', versionKey: false },
  );

/** Since when, by the database's clock, the re-encryption has met this keyring and no other. */
export type KeyRotationDocument = { _id: 'keyring'; keyUse: string; since: Date };

export const keyRotationSchema = (): Schema =>
  new Schema({ _id: String, keyUse: String, since: Date }, { collection: 'key_rotation', versionKey: false });

export type MigrationDocument = { _id: string; appliedAt: Date };

export const migrationSchema = (): Schema =>
  new Schema({ _id: String, appliedAt: Date }, { collection: 'migration', versionKey: false });
