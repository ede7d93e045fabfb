import type { Connection, Model, Schema } from 'mongoose';
import { guardSchema } from '#lib/store/isolation/guarded-schema.ts';
import { type CustomerDocument, customerSchema } from './customer.ts';
import { type CustomerLinkDocument, customerLinkSchema } from './customer-link.ts';
import { type MergeDocument, mergeSchema } from './merge.ts';
import { type RateLimitDocument, rateLimitSchema } from './rate-limit.ts';
import {
  type AuditDocument,
  auditSchema,
  type BusinessSettingsDocument,
  businessSettingsSchema,
  type ErasureDocument,
  erasureSchema,
  type IdempotencyDocument,
  idempotencySchema,
  type KeyRotationDocument,
  keyRotationSchema,
  type MigrationDocument,
  migrationSchema,
  type OutboxDocument,
  outboxSchema,
  type TombstoneDocument,
  tombstoneSchema,
} from './records.ts';

/** What each collection holds. */
export type Documents = {
  customer: CustomerDocument;
  customer_link: CustomerLinkDocument;
  customer_audit: AuditDocument;
  outbox: OutboxDocument;
  idempotency: IdempotencyDocument;
  tombstone: TombstoneDocument;
  erasure: ErasureDocument;
  business_settings: BusinessSettingsDocument;
  merge: MergeDocument;
  rate_limit: RateLimitDocument;
  key_rotation: KeyRotationDocument;
  migration: MigrationDocument;
};
export type CollectionName = keyof Documents;

/** Made when they are first needed: a schema takes a millisecond of a cold start, and a request needs few. */
const SCHEMAS: Readonly<Record<CollectionName, () => Schema>> = {
  customer: customerSchema,
  customer_link: customerLinkSchema,
  customer_audit: auditSchema,
  outbox: outboxSchema,
  idempotency: idempotencySchema,
  tombstone: tombstoneSchema,
  erasure: erasureSchema,
  business_settings: businessSettingsSchema,
  merge: mergeSchema,
  rate_limit: rateLimitSchema,
  key_rotation: keyRotationSchema,
  migration: migrationSchema,
};

export const isCollectionName = (name: string): name is CollectionName => Object.hasOwn(SCHEMAS, name);

/** What the store asks of a model. There is no way from here to the collection beneath it. */
type GuardedModel<D> = Pick<
  Model<D>,
  | 'countDocuments'
  | 'deleteMany'
  | 'find'
  | 'findById'
  | 'findOne'
  | 'findOneAndUpdate'
  | 'updateMany'
  | 'updateOne'
>;

const guardedSchema = (name: CollectionName): Schema => {
  const schema = SCHEMAS[name]();
  guardSchema(schema, name);
  return schema;
};

/**
 * The model of a collection on this connection, compiled on first use: a cold start pays for what it needs. It refuses
 * whatever comes without `askedBy(scope)` among its options, or is not that scope's to ask.
 */
export const modelOf = <N extends CollectionName>(
  connection: Connection,
  name: N,
): GuardedModel<Documents[N]> => {
  if (!connection.modelNames().includes(name)) connection.model(name, guardedSchema(name));
  return connection.model<Documents[N]>(name);
};
