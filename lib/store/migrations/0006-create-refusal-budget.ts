import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Creates the collection of refused calls in a database from before it existed. */
export const createRefusalBudget = (connection: Connection): Promise<void> =>
  createCollection(connection, 'refusal_budget');
