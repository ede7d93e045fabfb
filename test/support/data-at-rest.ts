import { deserialize, serialize } from 'bson';
import { personalData } from '#lib/store/models/personal-data.ts';
import { disguisesIn, type ValueIndex } from './canaries.ts';
import type { Stored } from './stored.ts';

/** What must be nowhere; and all that is personal, with the names, which may be where they are listed as in clear. */
export type Needles = Readonly<{ secrets: ValueIndex; all: ValueIndex }>;
type Kinds = Readonly<Record<string, unknown>>;

const kindsOf = (collection: string): Kinds => {
  const kinds = (personalData as Readonly<Record<string, Kinds>>)[collection];
  if (kinds === undefined) throw new Error(`Nobody says what is personal in ${collection}.`);
  return kinds;
};

/** Eight characters or more of UTF-16, little-endian, that ASCII has too: what is in clear there has such a stretch. */
const UTF_16 = /(?:[ -~]\0){8,}/g;

/** How bytes may be read: as UTF-8 or UTF-16, each as it stands or with what is encoded in it. */
const readings = function* (bytes: Buffer): Generator<readonly [string, string]> {
  yield* disguisesIn(bytes.toString('utf8'));
  const wide = bytes.toString('latin1').match(UTF_16) ?? [];
  if (wide.length > 0) yield* disguisesIn(wide.join('\n').replaceAll('\0', ''));
};

/** In which disguise bytes hold one of these values; null without. */
export const disguiseIn = (bytes: Buffer, values: ValueIndex): string | null => {
  for (const [disguise, text] of readings(bytes)) if (values.placeIn(text) !== -1) return disguise;
  return null;
};

/** A document's fields that are listed as in clear, and all others, each as bytes again. */
const divided = (bytes: Buffer, kinds: Kinds): { clear: Buffer; others: Buffer } => {
  const fields = Object.entries(deserialize(bytes));
  const bytesOf = (isClear: boolean) =>
    Buffer.from(
      serialize(Object.fromEntries(fields.filter(([path]) => (kinds[path] === 'clear') === isClear))),
    );
  return { clear: bytesOf(true), others: bytesOf(false) };
};

/** Reads every document of every collection there is: where one holds a value in clear, and how much was read. */
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
