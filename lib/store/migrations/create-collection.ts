import type { Connection } from 'mongoose';
import { declaredIndexes } from '#lib/store/models/declared-indexes.ts';
import type { CollectionName } from '#lib/store/models/models.ts';

const NAMESPACE_EXISTS = 48;

/**
 * Creates a collection with its declared indexes, or what is missing of it: all indexes by one command, as a database
 * reads a collection once for all that it builds together. That command makes the collection too; on the embedded engine
 * an index of one that is there already takes forty times as long.
 */
export const createCollection = async (
  connection: Connection,
  name: CollectionName,
  options?: object,
): Promise<void> => {
  const indexes = declaredIndexes[name];
  if (options !== undefined || indexes.length === 0)
    await connection.db?.createCollection(name, options).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === NAMESPACE_EXISTS)) throw error;
    });
  if (indexes.length > 0)
    await connection
      .collection(name)
      .createIndexes(indexes.map((index) => ({ ...index, key: { ...index.key } })));
};
