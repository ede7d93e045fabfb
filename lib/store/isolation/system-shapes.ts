/**
 * The whole list of what a system scope may send, by its purpose: operation, collection, fields of the filter in
 * alphabetical order, stages of a pipeline. Whatever is not here throws. Customers, beyond that, are only reached by
 * ids that a link read of the same batch gave.
 */
export const SYSTEM_SHAPES: Readonly<Record<string, readonly string[]>> = {
  'migrate-database': ['find migration', 'update migration by _id'],

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
    'insert erasure',
    'insert tombstone',
    'insert outbox',
    'delete customer_link by _id, legalHold, purgeAfter, state',
    'delete customer by _id',
    'update customer_audit by businessId, customerId, reason',
  ],
};
