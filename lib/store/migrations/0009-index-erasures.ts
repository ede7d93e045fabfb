import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Builds the indexes for finding erasures that are not finished, and recorded answers by the customers that they show. */
export const indexErasures = async (connection: Connection): Promise<void> => {
  await createCollection(connection, 'erasure');
  await createCollection(connection, 'idempotency');
};
