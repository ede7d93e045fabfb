import type { Connection } from 'mongoose';
import { customerValidator } from '#lib/store/models/customer.ts';
import { declaredIndexes } from '#lib/store/models/declared-indexes.ts';
import { type CollectionName, isCollectionName } from '#lib/store/models/models.ts';
import { createCollection } from './create-collection.ts';

const OPTIONS: Readonly<Partial<Record<CollectionName, object>>> = {
  customer: { validator: customerValidator },
};

/** Creates every collection with its indexes; the customer's with its validator. */
export const createCollections = async (connection: Connection): Promise<void> => {
  for (const name of Object.keys(declaredIndexes).filter(isCollectionName))
    await createCollection(connection, name, OPTIONS[name]);
};
