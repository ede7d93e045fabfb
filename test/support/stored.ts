import { expect } from '@jest/globals';
import { deserialize, EJSON } from 'bson';
import { type Connection, Types } from 'mongoose';

/** A running service with its database. */
export type Stored = { readonly database: Connection };

/** What businesses and callers may still do: requests change it, whatever their result. */
const COUNTS_REQUESTS: readonly string[] = ['rate_limit', 'question_budget', 'refusal_budget'];

/** Everything in the database except the counts of requests: each document of each collection, as its bytes. */
export const whatIsStored = async ({ database }: Stored): Promise<ReadonlySet<string>> => {
  const collections = (await database.db?.collections()) ?? [];
  const contents = await Promise.all(
    collections
      .filter(({ collectionName }) => !COUNTS_REQUESTS.includes(collectionName))
      .map(async (collection) => {
        const documents = await collection.find({}, { raw: true }).toArray();
        return documents.map(
          (bytes: unknown) => `${collection.collectionName} ${(bytes as Buffer).toString('base64')}`,
        );
      }),
  );
  return new Set(contents.flat());
};

type Snapshot = ReadonlySet<string>;

const bytesIn = (stored: string): Buffer => Buffer.from(stored.split(' ')[1] ?? '', 'base64');

/** As a text that a person can read. */
const readable = (stored: string): string =>
  `${stored.split(' ')[0] ?? ''} ${EJSON.stringify(deserialize(bytesIn(stored)))}`;

/** What is in one snapshot and not in the other. */
const missingIn = (one: Snapshot, other: Snapshot): string[] =>
  [...one].filter((stored) => !other.has(stored));

/** Runs steps, after which the database must hold exactly what it held before. */
export const expectNothingWritten = async <T>(service: Stored, steps: () => Promise<T>): Promise<T> => {
  const before = await whatIsStored(service);
  const result = await steps();
  const after = await whatIsStored(service);
  const added = missingIn(after, before).map(readable);
  const gone = missingIn(before, after).map(readable);
  expect({ added, gone }).toEqual({ added: [], gone: [] });
  return result;
};

/**
 * Runs steps that may change one customer and add documents that name its business or the customers that the steps
 * made, and nothing else. The steps return the ids of those customers.
 */
export const expectOnlyAbout = async (
  service: Stored,
  { customerId, businessId }: { customerId: string; businessId: string },
  steps: () => Promise<Iterable<string>>,
): Promise<void> => {
  const before = await whatIsStored(service);
  const made = await steps();
  const after = await whatIsStored(service);
  const namesNone = (stored: string, ids: readonly string[]): boolean =>
    !ids.some((id) => bytesIn(stored).includes(Buffer.from(id, 'hex')));
  const own = [businessId, customerId, ...made];
  const added = missingIn(after, before).filter((stored) => namesNone(stored, own));
  const gone = missingIn(before, after).filter((stored) => namesNone(stored, [customerId]));
  expect({ added: added.map(readable), gone: gone.map(readable) }).toEqual({ added: [], gone: [] });
};

type Filter = Readonly<Record<string, unknown>>;

/** A filter as tests write it, with ids as the API spells them. */
const withObjectIds = (filter: Filter): Filter =>
  Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [
      name,
      typeof value === 'string' && /^[0-9a-f]{24}$/.test(value) ? new Types.ObjectId(value) : value,
    ]),
  );

/** How many documents of a collection match. */
export const countIn = async (
  { database }: Stored,
  collection: string,
  filter: Filter = {},
): Promise<number> => await database.collection(collection).countDocuments(withObjectIds(filter));

/** The matching documents of a collection as they are stored, in the order of their ids. */
export const documentsIn = async ({ database }: Stored, collection: string, filter: Filter): Promise<any[]> =>
  await database.collection(collection).find(withObjectIds(filter)).sort({ _id: 1 }).toArray();

/** The only matching document of a collection; fails if there is none or more than one. */
export const documentIn = async (service: Stored, collection: string, filter: Filter): Promise<any> => {
  const found = await documentsIn(service, collection, filter);
  if (found.length !== 1)
    throw new Error(`${String(found.length)} documents of ${collection} match, not one.`);
  return found[0];
};
