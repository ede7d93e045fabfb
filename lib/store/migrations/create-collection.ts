import type { Connection } from 'mongoose';
import { type CollectionName, collections } from '#lib/store/collections/collections.ts';

const NAMESPACE_EXISTS = 48;

/**
 * Creates a collection with its indexes and its validator, or the parts of it that are missing. One command builds all
 * indexes, so the database reads the collection only once. It also creates the collection, because an index of an existing
 * collection takes forty times as long on the embedded engine.
 */
export const createCollection = async (connection: Connection, name: CollectionName): Promise<void> => {
  const { indexes, validator } = collections[name];
  if (validator !== undefined || indexes.length === 0)
    await connection.db?.createCollection(name, validator && { validator }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === NAMESPACE_EXISTS)) throw error;
    });
  if (indexes.length > 0)
    await connection
      .collection(name)
      .createIndexes(indexes.map((index) => ({ ...index, key: { ...index.key } })));
};
