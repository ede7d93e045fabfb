import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Builds the index for finding the customers that were merged into another one. */
export const indexMergedInto = (connection: Connection): Promise<void> =>
  createCollection(connection, 'customer_link');
