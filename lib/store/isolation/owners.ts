import type { CollectionName } from '#lib/store/models/models.ts';

/**
 * How a document says whose it is: by a field that names the business (`businessId`, or its own `_id`); by the link
 * that leads to it; `existence`: by nothing, so that a business may only ask which of the ids it names are there;
 * `service`: it is no business's.
 */
export type Owner = 'businessId' | '_id' | 'link' | 'existence' | 'service';

/** Every collection, or it does not compile. */
export const OWNERS: Readonly<Record<CollectionName, Owner>> = {
  customer: 'link',
  customer_link: 'businessId',
  customer_audit: 'businessId',
  outbox: 'businessId',
  idempotency: 'businessId',
  tombstone: 'businessId',
  business_settings: '_id',
  merge: 'businessId',
  rate_limit: '_id',
  erasure: 'existence',
  key_rotation: 'service',
  migration: 'service',
};
