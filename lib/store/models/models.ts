import type { Connection, Model, Schema } from 'mongoose';
import { type CustomerDocument, customerSchema } from './customer.ts';
import { type CustomerLinkDocument, customerLinkSchema } from './customer-link.ts';
import {
  type AuditDocument,
  auditSchema,
  type BusinessSettingsDocument,
  businessSettingsSchema,
  type ErasureDocument,
  erasureSchema,
  type IdempotencyDocument,
  idempotencySchema,
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
  migration: MigrationDocument;
};
export type CollectionName = keyof Documents;

const SCHEMAS: Readonly<Record<CollectionName, Schema>> = {
  customer: customerSchema,
  customer_link: customerLinkSchema,
  customer_audit: auditSchema,
  outbox: outboxSchema,
  idempotency: idempotencySchema,
  tombstone: tombstoneSchema,
  erasure: erasureSchema,
  business_settings: businessSettingsSchema,
  migration: migrationSchema,
};

/** The model of a collection on this connection, compiled on first use: a cold start pays for what it needs. */
export const modelOf = <N extends CollectionName>(connection: Connection, name: N): Model<Documents[N]> => {
  if (!connection.modelNames().includes(name)) connection.model(name, SCHEMAS[name]);
  return connection.model<Documents[N]>(name);
};
