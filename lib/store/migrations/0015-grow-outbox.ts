import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Builds the indexes for publishing the events of each customer in their order, and for removing them afterwards. */
export const growOutbox = (connection: Connection): Promise<void> => createCollection(connection, 'outbox');
