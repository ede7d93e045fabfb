import type { Connection } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { createCollection } from './create-collection.ts';

/**
 * Builds the indexes for finding the oldest erasures that are not finished or not in the ledger, and notes that the purges of
 * earlier versions are not in it.
 */
export const noteUnledgered = async (connection: Connection, scope: SystemScope): Promise<void> => {
  await createCollection(connection, 'erasure');
  await modelOf(connection, 'erasure')
    .updateMany(
      { open: { $exists: false }, finishedAt: { $exists: false }, unledgered: { $exists: false } },
      { $set: { unledgered: true } },
    )
    .setOptions(queryOptions(scope));
};
