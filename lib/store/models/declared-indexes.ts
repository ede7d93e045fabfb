import { customerLinkIndexes } from './customer-link.ts';
import type { IndexDeclaration } from './index-declaration.ts';
import { mergeIndexes } from './merge.ts';
import type { CollectionName } from './models.ts';
import { rateLimitIndexes } from './rate-limit.ts';
import {
  auditIndexes,
  erasureIndexes,
  idempotencyIndexes,
  outboxIndexes,
  tombstoneIndexes,
} from './records.ts';

/** Every index beside the primary ones, by collection: what the migration builds and the tests compare. */
export const declaredIndexes: Readonly<Record<CollectionName, readonly IndexDeclaration[]>> = {
  customer: [],
  customer_link: customerLinkIndexes,
  customer_audit: auditIndexes,
  outbox: outboxIndexes,
  idempotency: idempotencyIndexes,
  tombstone: tombstoneIndexes,
  erasure: erasureIndexes,
  business_settings: [],
  merge: mergeIndexes,
  rate_limit: rateLimitIndexes,
  key_rotation: [],
  migration: [],
};
