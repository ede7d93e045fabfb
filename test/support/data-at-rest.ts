import { deserialize, serialize } from 'bson';
import { personalData } from '#lib/store/models/personal-data.ts';
import { disguisesIn, ValueIndex } from './canaries.ts';
import type { Stored } from './stored.ts';

/** What must be nowhere, and the names, which may be where they are listed as in clear. */
export type Needles = Readonly<{ secrets: ValueIndex; names: ValueIndex }>;
type Kinds = Readonly<Record<string, unknown>>;

const kindsOf = (collection: string): Kinds => {
  const kinds = (personalData as Readonly<Record<string, Kinds>>)[collection];
  if (kinds === undefined) throw new Error(`Nobody says what is personal in ${collection}.`);
  return kinds;
};

/** How bytes may be read: as UTF-8 or UTF-16, each as it stands or with what is encoded in it. */
const readings = function* (bytes: Buffer): Generator<readonly [string, string]> {
  for (const [disguise, text] of disguisesIn(bytes.toString('utf8'))) yield [disguise, text];
  for (const offset of [0, 1])
    for (const [disguise, text] of disguisesIn(bytes.subarray(offset).toString('utf16le')))
      yield [`UTF-16, ${disguise}`, text];
};

/** In which disguise bytes hold one of these values; null without. */
export const disguiseIn = (bytes: Buffer, values: ValueIndex): string | null => {
  for (const [disguise, text] of readings(bytes)) if (values.placeIn(text) !== -1) return disguise;
  return null;
};

/** What a document holds outside of the fields that are listed as in clear. */
const withoutClear = (bytes: Buffer, kinds: Kinds): Buffer =>
  Buffer.from(
    serialize(
      Object.fromEntries(Object.entries(deserialize(bytes)).filter(([path]) => kinds[path] !== 'clear')),
    ),
  );

/** Reads every document of every collection there is: where one holds a value in clear, and how much was read. */
export const searchAtRest = async ({ database }: Stored, { secrets, names }: Needles) => {
  const found: string[] = [];
  const collections = (await database.db?.listCollections({}, { nameOnly: true }).toArray()) ?? [];
  let [bytesRead, documents] = [0, 0];
  for (const { name } of collections) {
    const kinds = kindsOf(name);
    for await (const raw of database.collection(name).find({}, { raw: true })) {
      const bytes = raw as unknown as Buffer;
      const secret = disguiseIn(bytes, secrets);
      if (secret !== null) found.push(`${name}: a sealed value, ${secret}`);
      const named = disguiseIn(withoutClear(bytes, kinds), names);
      if (named !== null) found.push(`${name}: a name, ${named}`);
      bytesRead += bytes.length;
      documents += 1;
    }
  }
  return { found, collections: collections.map(({ name }) => name), documents, bytesRead };
};
