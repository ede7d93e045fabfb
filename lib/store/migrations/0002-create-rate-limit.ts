import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Creates the collection of the rate limit in a database from before it existed. */
export const createRateLimit = (connection: Connection): Promise<void> =>
  createCollection(connection, 'rate_limit');
