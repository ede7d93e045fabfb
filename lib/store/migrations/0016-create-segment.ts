import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Creates the collection of segments in a database from before they existed. */
export const createSegment = async (connection: Connection): Promise<void> => {
  await createCollection(connection, 'segment');
};
