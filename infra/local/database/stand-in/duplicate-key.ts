import { ObjectId } from 'bson';
import { isDocument, readDocument, textOf } from '../wire/bson-document.ts';
import type { BsonDocument } from '../wire/bson-document.ts';
import type { Statement } from '../postgres/connections.ts';
import type { Engine } from './engine.ts';

const describeIndex: Statement = {
  name: 'describe_index',
  text: `select (index_spec).index_name as name, (index_spec).index_key::bytea as key
         from documentdb_api_catalog.collection_indexes join documentdb_api_catalog.collections using (collection_id)
         where database_name = $1 and collection_name = $2 and ((index_spec).index_name = $3 or index_id = $4)`,
};

/** What the engine reports about a duplicate. */
export type Duplicate = {
  readonly database: string;
  readonly collection: string;
  /** The engine's message, which names the index. */
  readonly message: string;
  /** The refused document, if the command contains it. */
  readonly document?: BsonDocument | undefined;
};

type Index = { readonly name: string; readonly key: BsonDocument };

const primaryIndex: Index = { name: '_id_', key: { _id: 1 } };
const unknownIndex: Index = { name: '(being built)', key: {} };

// An error of a single operation names the index. An error of the whole command names the PostgreSQL constraint.
const indexOf = async (duplicate: Duplicate, engine: Pick<Engine, 'look'>): Promise<Index> => {
  const { database, collection, message } = duplicate;
  const name = /Index '([^']+)'/.exec(message)?.[1] ?? null;
  const id = /documents_rum_index_(\d+)/.exec(message)?.[1] ?? null;
  const row = await engine.look(describeIndex, [database, collection, name, id]);
  if (!(row['key'] instanceof Uint8Array)) return /_id_|_pk_/.test(message) ? primaryIndex : unknownIndex;
  return { name: textOf(row['name']) ?? '', key: readDocument(row['key']) };
};

const valueAt = (document: BsonDocument, path: string): unknown =>
  path.split('.').reduce<unknown>((value, step) => (isDocument(value) ? value[step] : undefined), document);

const rendered = (value: unknown): string => {
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value === undefined || value === null) return 'null';
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
};

/**
 * The message and fields of MongoDB's error 11000. Clients read the name of the index from the message, so it has
 * MongoDB's form. The key's values are included only when the command contains the document.
 */
export const describeDuplicate = async (
  duplicate: Duplicate,
  engine: Pick<Engine, 'look'>,
): Promise<{ errmsg: string; keyPattern: BsonDocument; keyValue: BsonDocument }> => {
  const { name, key: keyPattern } = await indexOf(duplicate, engine);
  const paths = Object.keys(keyPattern);
  const { document } = duplicate;
  const values = document ? paths.map((path) => [path, valueAt(document, path) ?? null] as const) : [];
  const shown = document
    ? values.map(([path, value]) => `${path}: ${rendered(value)}`)
    : paths.map((path) => `${path}: ?`);
  return {
    errmsg: `E11000 duplicate key error collection: ${duplicate.database}.${duplicate.collection} index: ${name} dup key: { ${shown.join(', ')} }`,
    keyPattern,
    keyValue: Object.fromEntries(values),
  };
};
