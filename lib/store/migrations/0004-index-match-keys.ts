import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Builds the index for finding duplicates. The re-encryption fills in the match keys of older customers. */
export const indexMatchKeys = (connection: Connection): Promise<void> =>
  createCollection(connection, 'customer_link');
