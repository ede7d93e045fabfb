import { expect } from '@jest/globals';
import { EJSON } from 'bson';
import type { Connection } from 'mongoose';

/** Everything the database holds: each collection's documents in order of their ids, as text. */
export const whatIsStored = async (database: Connection): Promise<Record<string, string[]>> => {
  const collections = (await database.db?.collections()) ?? [];
  const contents = await Promise.all(
    collections.map(async (collection) => {
      const documents = await collection.find({}).toArray();
      return [
        collection.collectionName,
        documents.map((document) => EJSON.stringify(document, { relaxed: false })).sort(),
      ] as const;
    }),
  );
  return Object.fromEntries(contents.sort(([one], [other]) => (one < other ? -1 : 1)));
};

/** Runs steps, after which the database must hold exactly what it held before them. */
export const expectNothingWritten = async <T>(
  { database }: { readonly database: Connection },
  steps: () => Promise<T>,
): Promise<T> => {
  const before = await whatIsStored(database);
  const result = await steps();
  expect(await whatIsStored(database)).toEqual(before);
  return result;
};

/** How many documents of a collection match. */
export const countIn = async (
  { database }: { readonly database: Connection },
  collection: string,
  filter: Readonly<Record<string, unknown>> = {},
): Promise<number> => await database.collection(collection).countDocuments(filter);
