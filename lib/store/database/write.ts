import type { Connection, mongo } from 'mongoose';
import type { Scope } from '#lib/domain/access/scope.ts';
import type { CollectionName, Documents } from '#lib/store/collections/collections.ts';
import { type BulkWrite, guardedBulkWrite } from '#lib/store/isolation/guarded-bulk-write.ts';

/** A filter: fields, each with a value or with operators of the database. */
type FilterOf<D> = { readonly [P in keyof D]?: D[P] | mongo.Document };

/** An update: the fields to set and to remove, or an update pipeline of the database. */
type UpdateOf<D> =
  | Readonly<{ $set?: Partial<D>; $unset?: Readonly<Record<string, ''>> }>
  | Readonly<{ pipeline: readonly mongo.Document[] }>;

type WriteTo<N extends CollectionName> =
  | Readonly<{
      insertInto: N;
      document: Documents[N];
      /** A stored document with the same `_id` is replaced if it matches this filter. Otherwise it is a duplicate. */
      inPlaceOf?: mongo.Document;
    }>
  | Readonly<{ update: N; filter: FilterOf<Documents[N]>; change: UpdateOf<Documents[N]> }>
  | Readonly<{ deleteFrom: N; filter: FilterOf<Documents[N]> }>;

type MassWriteTo<N extends CollectionName> =
  /** Inserts a document unless one with this `_id` exists. */
  | Readonly<{ insertOnceInto: N; document: Documents[N] }>
  | Readonly<{ updateAllOf: N; filter: FilterOf<Documents[N]>; change: UpdateOf<Documents[N]> }>
  | Readonly<{ deleteAllFrom: N; filter: FilterOf<Documents[N]> }>;

/** A write of one document. */
export type Write = { [N in CollectionName]: WriteTo<N> }[CollectionName];

/** A write of a task that handles many documents at once. */
export type MassWrite = { [N in CollectionName]: MassWriteTo<N> }[CollectionName];

/** An open transaction of a connection. */
export type Transaction = Readonly<{ connection: Connection; session: mongo.ClientSession }>;

/**
 * Sends writes to several collections in one command of a transaction.
 * @throws ScopeBreach when the scope may not send one of them; the driver's errors unchanged
 */
export const sendWrites = (
  writes: readonly (Write | MassWrite)[],
  { connection, session }: Transaction,
  scope: Scope,
): Promise<mongo.ClientBulkWriteResult> =>
  guardedBulkWrite(
    connection,
    writes.map((write) => toBulkWrite(write, (name) => `${connection.name}.${name}`)),
    { scope, session },
  );

const toBulkWrite = (write: Write | MassWrite, namespaceOf: (name: CollectionName) => string): BulkWrite => {
  if ('insertInto' in write) return insertion(write, namespaceOf(write.insertInto));
  if ('insertOnceInto' in write) return insertionOnce(write.document, namespaceOf(write.insertOnceInto));
  const filter: mongo.Document = write.filter;
  if ('deleteFrom' in write) return { name: 'deleteOne', namespace: namespaceOf(write.deleteFrom), filter };
  if ('deleteAllFrom' in write)
    return { name: 'deleteMany', namespace: namespaceOf(write.deleteAllFrom), filter };
  const update = 'pipeline' in write.change ? [...write.change.pipeline] : write.change;
  return 'update' in write
    ? { name: 'updateOne', namespace: namespaceOf(write.update), filter, update }
    : { name: 'updateMany', namespace: namespaceOf(write.updateAllOf), filter, update };
};

const insertion = (
  { document, inPlaceOf }: Readonly<{ document: mongo.Document; inPlaceOf?: mongo.Document }>,
  namespace: string,
): BulkWrite => {
  if (inPlaceOf === undefined) return { name: 'insertOne', namespace, document };
  const { owner, fields } = splitOwner(document);
  return {
    name: 'updateOne',
    namespace,
    filter: { ...owner, ...inPlaceOf },
    update: { $set: fields },
    upsert: true,
  };
};

const insertionOnce = (document: mongo.Document, namespace: string): BulkWrite => {
  const { owner, fields } = splitOwner(document);
  return { name: 'updateOne', namespace, filter: owner, update: { $setOnInsert: fields }, upsert: true };
};

/** Splits off the fields that show whose a document is: an update may not set them. */
const splitOwner = (document: mongo.Document): { owner: mongo.Document; fields: mongo.Document } => {
  const { _id, businessId, ...fields }: Readonly<Record<string, unknown>> = document;
  return { owner: { _id, businessId }, fields };
};
