import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Creates the collection of the undo records of merges in a database from before it existed. */
export const createMerge = (connection: Connection): Promise<void> => createCollection(connection, 'merge');
