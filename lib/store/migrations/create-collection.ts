import type { Connection } from 'mongoose';
import { declaredIndexes } from '#lib/store/models/declared-indexes.ts';
import type { CollectionName } from '#lib/store/models/models.ts';

const NAMESPACE_EXISTS = 48;

/** Creates a collection with its declared indexes, or what is missing of it. */
export const createCollection = async (
  connection: Connection,
  name: CollectionName,
  options: object = {},
): Promise<void> => {
  await connection.db?.createCollection(name, options).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === NAMESPACE_EXISTS)) throw error;
  });
  for (const { key, ...indexOptions } of declaredIndexes[name])
    await connection.collection(name).createIndex({ ...key }, indexOptions, {});
};
