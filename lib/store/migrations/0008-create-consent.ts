import type { Connection } from 'mongoose';
import { createCollection } from './create-collection.ts';

/** Creates the collections of consents and of kept refusals in a database from before they existed. */
export const createConsent = async (connection: Connection): Promise<void> => {
  await createCollection(connection, 'consent');
  await createCollection(connection, 'suppression');
};
