import type { Connection } from 'mongoose';
import { customerValidator } from '#lib/store/models/customer.ts';
import { declaredIndexes } from '#lib/store/models/declared-indexes.ts';

const NAMESPACE_EXISTS = 48;

/** Creates every collection with its indexes; the customer's with its validator. */
export const createCollections = async (connection: Connection): Promise<void> => {
  for (const [name, indexes] of Object.entries(declaredIndexes)) {
    await createCollection(connection, name, name === 'customer' ? { validator: customerValidator } : {});
    for (const { key, ...options } of indexes)
      await connection.collection(name).createIndex({ ...key }, options, {});
  }
};

const createCollection = async (connection: Connection, name: string, options: object): Promise<void> => {
  try {
    await connection.db?.createCollection(name, options);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NAMESPACE_EXISTS) return;
    throw error;
  }
};
