import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Creates the collection of what undoes merges, in a database that is older than it. */
export const createMerge = (connection: Connection): Promise<void> => createCollection(connection, 'merge');
