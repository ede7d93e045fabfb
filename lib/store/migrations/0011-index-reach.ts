import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Builds the index for finding the customers who may be reached for a purpose by a channel. */
export const indexReach = (connection: Connection): Promise<void> =>
  createCollection(connection, 'customer_link');
