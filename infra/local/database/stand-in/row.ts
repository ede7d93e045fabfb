import type { Row, Statement } from '../postgres/connections.ts';

/** The BSON document in a column, as bytes. */
export const bytesIn = (row: Row, column: string): Uint8Array => {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new Error(`the engine answered no document in ${column}`);
};

/** A call of an engine function that takes a database name and a command and returns a document. */
export const documentCall = (name: string): Statement => ({
  name,
  text: `select documentdb_api.${name}($1, $2::bytea::documentdb_core.bson)::bytea as document`,
});
