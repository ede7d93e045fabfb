import type { Connection, mongo } from 'mongoose';
import type { Scope } from '#lib/domain/actor.ts';
import type { CollectionName } from '#lib/store/models/models.ts';
import { markedBy } from './asked-by.ts';
import { refuseUnscoped } from './guard.ts';
import { proveCustomers } from './link-proof.ts';

/** `most`: how many it can find; the driver would otherwise fetch all but the first 101 in further round trips. */
type Asked = Readonly<{ scope: Scope; hint?: string; most?: number }>;

/**
 * Sends an aggregation and answers all it finds. Past Mongoose, which casts nothing in one, and so past the guard of its
 * schemas: it is judged here, and the links of customers that it finds are noted.
 * @throws ScopeBreach before anything is sent
 */
export const guardedAggregate = async <Found extends mongo.Document>(
  connection: Connection,
  collection: CollectionName,
  pipeline: readonly mongo.Document[],
  { scope, hint, most }: Asked,
): Promise<Found[]> => {
  refuseUnscoped({ collection, operation: 'aggregate', pipeline }, scope);
  const found = await connection
    .collection(collection)
    .aggregate<Found>([...pipeline], {
      ...markedBy(scope),
      ...(hint !== undefined && { hint }),
      // A batch that is full leaves its cursor open, to be asked once more.
      ...(most !== undefined && { batchSize: most + 1 }),
    })
    .toArray();
  // The stages of a system task may make ids up; those of a business may not.
  if (collection === 'customer_link' && scope.kind === 'business') proveCustomers(scope, found);
  return found;
};
