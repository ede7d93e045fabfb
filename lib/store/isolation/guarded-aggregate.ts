import type { Connection, mongo } from 'mongoose';
import type { Scope } from '#lib/domain/access/scope.ts';
import type { CollectionName } from '#lib/store/collections/collections.ts';
import { driverOptions } from './query-options.ts';
import { refuseUnscoped } from './guard.ts';
import { noteLinkedCustomers } from './linked-customers.ts';

/** `most`: the largest possible result. Without it, the driver needs more round trips after the first 101 documents. */
type AggregateOptions = Readonly<{ scope: Scope; hint?: string; most?: number }>;

/**
 * Checks an aggregation, sends it and returns everything it finds. It goes directly to the driver, because Mongoose casts
 * nothing in an aggregation, so the guard of the schemas does not see it. The links that it finds count as read.
 * @throws ScopeBreach before anything is sent
 */
export const guardedAggregate = async <Found extends mongo.Document>(
  connection: Connection,
  collection: CollectionName,
  pipeline: readonly mongo.Document[],
  { scope, hint, most }: AggregateOptions,
): Promise<Found[]> => {
  refuseUnscoped({ collection, operation: 'aggregate', pipeline }, scope);
  const found = await connection
    .collection(collection)
    .aggregate<Found>([...pipeline], {
      ...driverOptions(scope),
      ...(hint !== undefined && { hint }),
      // A full batch leaves its cursor open, which costs one more round trip.
      ...(most !== undefined && { batchSize: most + 1 }),
    })
    .toArray();
  // The stages of a system task may compute ids, so its results are not taken as links; those of a business may not.
  if (collection === 'customer_link' && scope.kind === 'business') noteLinkedCustomers(scope, found);
  return found;
};
