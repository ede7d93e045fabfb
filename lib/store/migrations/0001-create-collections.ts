import type { Connection } from 'mongoose';
import { collections, isCollectionName } from '#lib/store/collections/collections.ts';
import { createCollection } from './create-collection.ts';

/** Creates every collection with its indexes and its validator. */
export const createCollections = async (connection: Connection): Promise<void> => {
  for (const name of Object.keys(collections).filter(isCollectionName))
    await createCollection(connection, name);
};
