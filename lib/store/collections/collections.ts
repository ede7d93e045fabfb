import { activitySource } from './activity-source.ts';
import { activity } from './activity.ts';
import { archive } from './archive.ts';
import { businessSettings } from './business-settings.ts';
import { customerAudit } from './customer-audit.ts';
import { customerLink } from './customer-link.ts';
import { customer } from './customer.ts';
import { consent } from './consent.ts';
import type { Collection } from './define-collection.ts';
import { erasure } from './erasure.ts';
import { idempotency } from './idempotency.ts';
import { keyRotation } from './key-rotation.ts';
import { lease } from './lease.ts';
import { merge } from './merge.ts';
import { migration } from './migration.ts';
import { outbox } from './outbox.ts';
import { rateLimit } from './rate-limit.ts';
import { refusalBudget } from './refusal-budget.ts';
import { segment } from './segment.ts';
import { suppression } from './suppression.ts';
import { tombstone } from './tombstone.ts';

/** Every collection by its name in the database. Each is declared in a file of its own in this folder. */
export const collections = {
  customer,
  customer_link: customerLink,
  customer_audit: customerAudit,
  outbox,
  idempotency,
  tombstone,
  erasure,
  business_settings: businessSettings,
  merge,
  consent,
  suppression,
  segment,
  archive,
  activity,
  activity_source: activitySource,
  rate_limit: rateLimit,
  refusal_budget: refusalBudget,
  key_rotation: keyRotation,
  lease,
  migration,
};

export type CollectionName = keyof typeof collections;

/** The type of each collection's documents. */
export type Documents = {
  [N in CollectionName]: (typeof collections)[N] extends Collection<infer D> ? D : never;
};

/** Whether a string is the name of a collection. */
export const isCollectionName = (name: string): name is CollectionName => Object.hasOwn(collections, name);
