import type { Stored } from './stored.ts';

type Copy = ReadonlyMap<string, readonly any[]>;

const MANY = 1_000;

/** Every document of every collection, as a backup has it. */
export const copyDatabase = async ({ database }: Stored): Promise<Copy> => {
  const copy = new Map<string, any[]>();
  for (const { name } of await database.listCollections())
    copy.set(name, await database.collection(name).find({}).toArray());
  return copy;
};

/** Puts the documents of a copy back in place of what is there. */
export const putBack = async ({ database }: Stored, copy: Copy): Promise<void> => {
  for (const { name } of await database.listCollections()) {
    const collection = database.collection(name);
    await collection.deleteMany({});
    const documents = copy.get(name) ?? [];
    for (let from = 0; from < documents.length; from += MANY)
      await collection.insertMany(documents.slice(from, from + MANY));
  }
};
