import { ObjectId } from 'bson';
import { readDocument, documentsOf, isDocument, textOf } from '../wire/bson-document.ts';
import type { BsonDocument } from '../wire/bson-document.ts';
import type { Statement } from '../postgres/connections.ts';
import { writeDocument } from '../wire/bson-document.ts';
import type { Engine } from './engine.ts';

const listIndexes: Statement = {
  name: 'list_indexes',
  text: `select cursorpage::bytea as page, continuation::bytea as continuation, cursorid::text as id
         from documentdb_api.list_indexes_cursor_first_page($1, $2::bytea::documentdb_core.bson)`,
};

/** Where a duplicate was found, as far as the engine tells. */
export type Duplicate = {
  readonly database: string;
  readonly collection: string;
  /** The engine's own words, which name the index. */
  readonly message: string;
  /** The document that was refused, where the command carried it. */
  readonly document?: BsonDocument | undefined;
};

/** The index named in the engine's message about a duplicate. */
export const indexNameIn = (message: string): string => /Index '([^']+)'/i.exec(message)?.[1] ?? '_id_';

const keyPatternOf = async (
  duplicate: Duplicate,
  index: string,
  engine: Pick<Engine, 'look'>,
): Promise<BsonDocument> => {
  const { database, collection } = duplicate;
  const row = await engine.look(listIndexes, [
    database,
    writeDocument({ listIndexes: collection, cursor: { batchSize: 1000 } }),
  ]);
  const page = row['page'] instanceof Uint8Array ? readDocument(row['page']) : {};
  const cursor = isDocument(page['cursor']) ? page['cursor'] : {};
  const found = documentsOf(cursor['firstBatch']).find((one) => textOf(one['name']) === index);
  return isDocument(found?.['key']) ? found['key'] : {};
};

const valueAt = (document: BsonDocument, path: string): unknown =>
  path.split('.').reduce<unknown>((value, step) => (isDocument(value) ? value[step] : undefined), document);

const rendered = (value: unknown): string => {
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value === undefined || value === null) return 'null';
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
};

/**
 * The message and fields of MongoDB's error 11000. Clients read the index's name from the message, so its
 * form is MongoDB's; the key's values are there only when the command carried the document.
 */
export const describeDuplicate = async (
  duplicate: Duplicate,
  engine: Pick<Engine, 'look'>,
): Promise<{ errmsg: string; keyPattern: BsonDocument; keyValue: BsonDocument }> => {
  const index = indexNameIn(duplicate.message);
  const keyPattern = await keyPatternOf(duplicate, index, engine);
  const paths = Object.keys(keyPattern);
  const { document } = duplicate;
  const values = document ? paths.map((path) => [path, valueAt(document, path) ?? null] as const) : [];
  const shown = document
    ? values.map(([path, value]) => `${path}: ${rendered(value)}`)
    : paths.map((path) => `${path}: ?`);
  return {
    errmsg: `E11000 duplicate key error collection: ${duplicate.database}.${duplicate.collection} index: ${index} dup key: { ${shown.join(', ')} }`,
    keyPattern,
    keyValue: Object.fromEntries(values),
  };
};
