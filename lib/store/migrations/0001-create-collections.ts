import type { Connection } from 'mongoose';
import { customerValidator } from '../models/customer.ts';
import { declaredIndexes } from '../models/declared-indexes.ts';

const NAMESPACE_EXISTS = 48;

/** Creates every collection with its indexes, and the customer's validator. */
export const createCollections = async (connection: Connection): Promise<void> => {
  for (const [name, indexes] of Object.entries(declaredIndexes)) {
    await createCollection(connection, name);
    for (const { key, ...options } of indexes) await connection.collection(name).createIndex({ ...key }, options);
  }
  await connection.db?.command({ collMod: 'customer', validator: customerValidator, validationLevel: 'strict' });
};

const createCollection = async (connection: Connection, name: string): Promise<void> => {
  try {
    await connection.db?.createCollection(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NAMESPACE_EXISTS) return;
    throw error;
  }
};
