/**
 * The whole list of what a system scope may send, by its purpose: operation, collection, fields of the filter in
 * alphabetical order, stages of a pipeline. Whatever is not here throws. Customers, beyond that, are only reached by
 * ids that a link read of the same batch gave.
 */
export const SYSTEM_SHAPES: Readonly<Record<string, readonly string[]>> = {
  'migrate-database': [
    'find migration',
    'update migration by _id',
    'update customer_link by keyUse',
    'update erasure by keyUse',
  ],

  'enforce-uniqueness': [
    'find business_settings by $or(uniqueEmail, uniquePhone)',
    'aggregate customer_link by businessId, emailKeys, relation, state: $unwind $group $match $limit $project',
    'aggregate customer_link by businessId, phoneKeys, relation, state: $unwind $group $match $limit $project',
    'find customer_link by businessId, emailKeys, holdsEmail, relation, state',
    'find customer_link by businessId, holdsPhone, phoneKeys, relation, state',
    'update customer_link by _id, businessId, emailKeys, holdsEmail, relation, state',
    'update customer_link by _id, businessId, holdsPhone, phoneKeys, relation, state',
    'update business_settings by _id, uniqueEmail, updatedAt',
    'update business_settings by _id, uniquePhone, updatedAt',
  ],

  'purge-deleted-customers': [
    // The database's clock.
    'aggregate customer_link: $limit $project',
    'aggregate customer_link by legalHold, purgeAfter, state: $group',
    'aggregate customer_link by businessId: $group',
    'find customer_link by legalHold, purgeAfter, state',
    'update erasure by _id, businessId',
    'update tombstone by _id, businessId',
    'insert outbox',
    'delete customer_link by _id, legalHold, purgeAfter, state',
    'delete customer by _id',
    'delete merge by _id',
    'delete merge by survivorId',
    'update customer_audit by businessId, customerId, reason',
  ],

  'reencrypt-customers': [
    // Since when the keyring is this one.
    'update key_rotation by _id',
    'aggregate key_rotation by _id, keyUse: $project',
    // What leans on which keys, and how much of it.
    'find customer_link by keyUse',
    'find erasure by keyUse',
    'aggregate customer_link by businessId, keyUse: $group',
    'aggregate erasure by businessId, keyUse: $group',
    'aggregate idempotency by expiresAt, keyId: $group',
    // Whose turn it is.
    'find customer_link by businessId, keyUse',
    'find customer_link by businessId, customerId, keyUse',
    'find erasure by businessId, keyUse',
    'find erasure by _id, businessId, keyUse',
    // A batch.
    'find customer by _id',
    'find customer_audit by businessId, customerId',
    'find merge by _id, businessId',
    'update customer_link by _id, auditHead, version',
    'update customer by __v, _id',
    'update merge by _id, expiresAt',
    'update customer_audit by _id, hash',
    'update erasure by _id, auditHead',
  ],

  'verify-histories': [
    // Whose turn it is.
    'find customer_link by businessId',
    'find erasure by businessId',
    // A batch.
    'find customer_link by businessId, customerId',
    'find erasure by _id, businessId',
    'find customer_audit by businessId, customerId',
  ],
};
