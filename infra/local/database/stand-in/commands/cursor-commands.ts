import type { Row, Statement } from '../../postgres/connections.ts';
import type { Cursors } from '../cursors.ts';
import type { Answer, Engine } from '../engine.ts';
import type { Request } from '../request.ts';
import { bytesIn } from '../row.ts';

type CursorCommand = (request: Request, engine: Engine, cursors: Cursors) => Promise<Answer>;

const firstPage = (of: string): Statement => ({
  name: of,
  text: `select cursorpage::bytea as page, continuation::bytea as continuation, cursorid::text as id
         from documentdb_api.${of}_cursor_first_page($1, $2::bytea::documentdb_core.bson)`,
});

const nextPage: Statement = {
  name: 'get_more',
  text: `select cursorpage::bytea as page, continuation::bytea as continuation
         from documentdb_api.cursor_get_more($1, $2::bytea::documentdb_core.bson, $3::bytea::documentdb_core.bson)`,
};

/** Deletes the engine's files for cursors. Takes the cursors' ids as decimal text. */
export const deleteCursors: Statement = {
  name: 'delete_cursors',
  text: 'select documentdb_api_internal.delete_cursors($1::bigint[])',
};

const continuationOf = (row: Row): Uint8Array | undefined =>
  row['continuation'] instanceof Uint8Array ? row['continuation'] : undefined;

const opening = (of: string): CursorCommand => {
  const statement = firstPage(of);
  return async ({ database, raw }, engine, cursors) => {
    const row = await engine.run(statement, [database, raw]);
    const continuation = continuationOf(row);
    if (continuation) cursors.open(BigInt(String(row['id'])), { database, continuation });
    return bytesIn(row, 'page');
  };
};

export const find = opening('find');
export const aggregate = opening('aggregate');
export const listCollections = opening('list_collections');
export const listIndexes = opening('list_indexes');

/** The next page of an open cursor. CursorNotFound (43) when the cursor is closed or never existed. */
export const getMore: CursorCommand = async (request, engine, cursors) => {
  const id = BigInt(String(request.body['getMore']));
  const cursor = cursors.take(id);
  const row = await engine.run(nextPage, [cursor.database, request.raw, cursor.continuation]);
  const continuation = continuationOf(row);
  if (continuation) cursors.open(id, { ...cursor, continuation });
  return bytesIn(row, 'page');
};

export const killCursors: CursorCommand = async (request, engine, cursors) => {
  const named: unknown = request.body['cursors'];
  const ids = Array.isArray(named) ? named.map((id) => BigInt(String(id))) : [];
  const killed = ids.filter((id) => cursors.close(id));
  if (killed.length > 0) await engine.run(deleteCursors, [killed.map(String)]);
  return {
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  };
};
