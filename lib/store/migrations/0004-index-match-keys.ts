import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Builds the index that duplicates are found by. The re-encryption gives older customers what is in it. */
export const indexMatchKeys = (connection: Connection): Promise<void> =>
  createCollection(connection, 'customer_link');
