import { deserialize, serialize } from 'bson';
import { collections } from '#lib/store/collections/collections.ts';
import { disguisesIn, type ValueIndex } from './canaries.ts';
import type { Stored } from './stored.ts';

/** Values that must be nowhere, and all personal values: names may be in fields that are listed as clear text. */
export type Needles = Readonly<{ secrets: ValueIndex; all: ValueIndex }>;
type Kinds = Readonly<Record<string, unknown>>;

const kindsOf = (collection: string): Kinds => {
  const kinds = (collections as Readonly<Record<string, { kinds: Kinds }>>)[collection]?.kinds;
  if (kinds === undefined) throw new Error(`Nobody says what is personal in ${collection}.`);
  return kinds;
};

/** Eight or more ASCII characters in UTF-16, little-endian. Clear text in UTF-16 has such a stretch. */
const UTF_16 = /(?:[ -~]\0){8,}/g;

/** The ways to read bytes: as UTF-8 or UTF-16, each as it is or with encoded parts decoded. */
const readings = function* (bytes: Buffer): Generator<readonly [string, string]> {
  yield* disguisesIn(bytes.toString('utf8'));
  const wide = bytes.toString('latin1').match(UTF_16) ?? [];
  if (wide.length > 0) yield* disguisesIn(wide.join('\n').replaceAll('\0', ''));
};

/** The encoding in which the bytes hold one of these values; null if they hold none. */
export const disguiseIn = (bytes: Buffer, values: ValueIndex): string | null => {
  for (const [disguise, text] of readings(bytes)) if (values.placeIn(text) !== -1) return disguise;
  return null;
};

/** The fields of a document that are listed as clear text, and all its other fields, each as bytes. */
const divided = (bytes: Buffer, kinds: Kinds): { clear: Buffer; others: Buffer } => {
  const fields = Object.entries(deserialize(bytes));
  const bytesOf = (isClear: boolean) =>
    Buffer.from(
      serialize(Object.fromEntries(fields.filter(([path]) => (kinds[path] === 'clear') === isClear))),
    );
  return { clear: bytesOf(true), others: bytesOf(false) };
};

/** Reads every document of every collection. Returns where one holds a value in clear text, and how much was read. */
export const searchAtRest = async ({ database }: Stored, { secrets, all }: Needles) => {
  const found: string[] = [];
  const collections = (await database.db?.listCollections({}, { nameOnly: true }).toArray()) ?? [];
  let [bytesRead, documents] = [0, 0];
  for (const { name } of collections) {
    const kinds = kindsOf(name);
    for await (const raw of database.collection(name).find({}, { raw: true })) {
      const bytes = raw as unknown as Buffer;
      const { clear, others } = divided(bytes, kinds);
      const disguise = disguiseIn(clear, secrets) ?? disguiseIn(others, all);
      if (disguise !== null) found.push(`${name}: ${disguise}`);
      bytesRead += bytes.length;
      documents += 1;
    }
  }
  return { found, collections: collections.map(({ name }) => name), documents, bytesRead };
};
