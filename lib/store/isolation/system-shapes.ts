/** A task that one run at a time does takes a lease of its name, renews it, and gives it back. */
const UNDER_LEASE: readonly string[] = ['update lease by _id', 'delete lease by _id, holder'];

/** Counts the customers of a business, and those of the businesses after it. */
const COUNTS_CUSTOMERS: readonly string[] = [
  'aggregate customer_link by businessId, customerId: $group',
  'aggregate customer_link by businessId: $group',
];

/** Reads one customer and everybody who was merged into it, with their orders, and writes what these amount to. */
const WRITES_SUMS: readonly string[] = [
  'find customer_link by businessId, customerId',
  'find customer_link by businessId, mergedInto',
  'find activity by businessId, customerId',
  'update customer_link by businessId, customerId, folds, mergedInto',
];

/** Begins an erasure: the link is removed by a filter of each task’s own. */
const BEGINS_ERASURE: readonly string[] = [
  'update erasure by _id, businessId',
  'update erasure by _id',
  'update tombstone by _id, businessId',
  'insert outbox',
  'delete customer by _id',
  'delete merge by _id',
  'delete merge by survivorId',
  'update archive by _id',
];

/**
 * Every command that a system task may send, by its purpose: operation, collection, fields of the filter in alphabetical
 * order, stages of a pipeline. The guard refuses all others. For customers, the links of the named ids must also have
 * been read in the same batch.
 */
export const SYSTEM_SHAPES: Readonly<Record<string, readonly string[]>> = {
  'migrate-database': [
    'find migration',
    'update migration by _id',
    'update customer_link by keyUse',
    'update erasure by keyUse',
    'update erasure by finishedAt, open, unledgered',
    'find customer_link by _id',
    'update customer_link by _id, folds',
  ],

  'enforce-uniqueness': [
    'find business_settings by $or(uniqueEmail, uniquePhone)',
    'aggregate customer_link by businessId, emailKeys, state: $unwind $group $match $limit $project',
    'aggregate customer_link by businessId, phoneKeys, state: $unwind $group $match $limit $project',
    'find customer_link by businessId, emailKeys, holdsEmail, state',
    'find customer_link by businessId, holdsPhone, phoneKeys, state',
    'update customer_link by _id, businessId, emailKeys, holdsEmail, state',
    'update customer_link by _id, businessId, holdsPhone, phoneKeys, state',
    'update business_settings by _id, uniqueEmail, updatedAt',
    'update business_settings by _id, uniquePhone, updatedAt',
  ],

  'purge-deleted-customers': [
    // Reads the database's clock.
    'aggregate customer_link: $limit $project',
    'aggregate customer_link by legalHold, purgeAfter, state: $group',
    'aggregate customer_link by businessId: $group',
    'find customer_link by legalHold, purgeAfter, state',
    ...BEGINS_ERASURE,
    'delete customer_link by _id, legalHold, purgeAfter, state',
  ],

  'finish-erasures': [
    ...UNDER_LEASE,
    // Finds what is not finished, and finishes it.
    'find erasure by open',
    'find erasure by at, open',
    'find erasure by _id, businessId, open',
    'update erasure by _id, businessId, places',
    'update erasure by _id, businessId, open',
    // Finds and marks what is not in the ledger.
    'find erasure by at, unledgered',
    'update erasure by _id, unledgered',
    // Sweeps each place.
    'aggregate customer_audit by businessId, customerId, reason: $project',
    'aggregate customer_audit by businessId, customerId, reason: $limit $project',
    'update customer_audit by _id, businessId',
    'aggregate consent by businessId, customerId: $project',
    'aggregate consent by businessId, customerId: $limit $project',
    'delete consent by _id, businessId',
    'aggregate idempotency by answer, businessId, customerIds: $project',
    'aggregate idempotency by answer, businessId, customerIds: $limit $project',
    'update idempotency by _id, businessId',
    'delete idempotency by _id, businessId',
    'aggregate activity by businessId, customerId: $project',
    'aggregate activity by businessId, customerId: $limit $project',
    'update activity_source by businessId, kind, sourceId',
    // Gives the orders of a merged customer to the survivor.
    'find erasure by _id, businessId',
    ...WRITES_SUMS,
    'find activity by businessId, customerId, sourceId',
    'find activity by businessId, counts, customerId, kind, sourceId, startAt',
    'insert activity',
    'update activity by _id, businessId, stamp',
    'delete activity by _id, businessId',
    'aggregate archive by _id, businessId: $project',
    'aggregate archive by _id, businessId: $limit $project',
    'delete archive by _id, businessId',
  ],

  'keep-archive': [
    ...UNDER_LEASE,
    // Finds what an earlier run left, who is asked for, and who is due.
    'find archive by _id, step',
    'find archive by _id, asked',
    'find business_settings by archiveAfterDays',
    'aggregate customer_link: $limit $project',
    'find customer_link by away, businessId, legalHold, state, updatedKey',
    // Reads one customer.
    'find customer by _id',
    'find erasure by _id, businessId, open',
    'find customer_audit by businessId, customerId',
    'find consent by businessId, customerId',
    // Counts its orders, together with those of everybody who was merged into it.
    ...WRITES_SUMS,
    'find erasure by businessId, mergedInto, open',
    // Moves it.
    'update activity by away, businessId, customerId, late',
    'update activity by _id, away, businessId, customerId',
    'update activity by businessId, customerId, late',
    'insert archive',
    'update archive by _id, businessId, objectKey, step',
    'delete archive by _id, businessId, objectKey, step',
    'update customer_link by auditHead, businessId, customerId, keyUse, state, version',
    'update customer_link by auditHead, businessId, customerId, state, version',
    'update customer by __v, _id',
    'insert customer_audit',
    'insert outbox',
  ],

  'replay-erasures': [
    // Finds what a restored database brought back.
    'find customer_link by customerId',
    'find customer by _id',
    // Begins its erasure.
    'insert customer_audit',
    ...BEGINS_ERASURE,
    'update tombstone by _id',
    'delete customer_link by _id',
  ],

  'relay-events': [
    ...UNDER_LEASE,
    // A run that waits looks whether a later one does.
    'find lease by _id',
    // Finds the oldest events that wait, whom they concern, and how long the oldest has waited.
    'find outbox by _id, pending',
    'find outbox by _id, customerId, pending',
    'find outbox by customerId, pending',
    'aggregate outbox by _id, pending: $sort $limit $project',
    // Marks what was published, and what was refused.
    'update outbox by _id, pending',
  ],

  'reencrypt-customers': [
    // Records and reads the age of the keyring.
    'update key_rotation by _id',
    'aggregate key_rotation by _id, keyUse: $project',
    // Finds and counts the records that need each key.
    'find customer_link by keyUse',
    'find erasure by keyUse',
    'aggregate customer_link by businessId, keyUse: $group',
    'aggregate erasure by businessId, keyUse: $group',
    'aggregate idempotency by expiresAt, keyId: $group',
    // Finds the next business and its next customers.
    'find customer_link by businessId, keyUse',
    'find customer_link by businessId, customerId, keyUse',
    'find erasure by businessId, keyUse',
    'find erasure by _id, businessId, keyUse',
    // Reads and rewrites a batch.
    'find customer_link by businessId, mergedInto',
    'find customer by _id',
    'find customer_audit by businessId, customerId',
    'find merge by _id, businessId',
    'find archive by _id, businessId',
    'find business_settings by _id',
    'update customer_link by _id, auditHead, version',
    'update customer by __v, _id',
    'update merge by _id, expiresAt',
    'update archive by _id, objectKey',
    'update customer_audit by _id, hash',
    'update erasure by _id, auditHead',
  ],

  'recount-activity': [
    // Counts the customers that are to be counted, in one business and in the businesses after it.
    ...COUNTS_CUSTOMERS,
    // Finds the next business and its next customers.
    'find customer_link by businessId',
    // Counts one customer.
    ...WRITES_SUMS,
    'find erasure by businessId, mergedInto, open',
  ],

  'verify-histories': [
    // Counts the histories that are to be checked, in one business and in the businesses after it.
    ...COUNTS_CUSTOMERS,
    'aggregate erasure by _id, businessId: $group',
    'aggregate erasure by businessId: $group',
    // Finds the next business.
    'find customer_link by businessId',
    'find erasure by businessId',
    'find customer_audit by businessId',
    // Reads a batch.
    'find customer_link by businessId, customerId',
    'find erasure by _id, businessId',
    'find customer_audit by businessId, customerId',
  ],
};
