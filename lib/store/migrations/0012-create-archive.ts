import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Creates the collection of the archive in a database from before it existed, and the index of the customers that are there. */
export const createArchive = async (connection: Connection): Promise<void> => {
  await createCollection(connection, 'archive');
  await createCollection(connection, 'customer_link');
};
