import { setTimeout as delay } from 'node:timers/promises';
import type { Row, Statement } from '../../postgres/connections.ts';
import { isDocument, numberOf, readDocument, textOf } from '../../wire/bson-document.ts';
import type { BsonDocument } from '../../wire/bson-document.ts';
import type { Answer, Engine } from '../engine.ts';
import { CommandError, codes } from '../errors.ts';
import { collectionOf } from '../request.ts';
import type { Request } from '../request.ts';
import { bytesIn, documentCall } from '../row.ts';
import { codeOfWriteError } from '../sql-state.ts';

type SchemaCommand = (request: Request, engine: Engine) => Promise<Answer>;

const forwarding =
  (statement: Statement): SchemaCommand =>
  async ({ database, raw }, engine) =>
    bytesIn(await engine.run(statement, [database, raw]), 'document');

export const create = forwarding(documentCall('create_collection_view'));
export const count = forwarding(documentCall('count_query'));
export const distinct = forwarding(documentCall('distinct_query'));
export const validate = forwarding(documentCall('validate'));

const collModStatement: Statement = {
  name: 'coll_mod',
  text: 'select documentdb_api.coll_mod($1, $2, $3::bytea::documentdb_core.bson)::bytea as document',
};

export const collMod: SchemaCommand = async (request, engine) =>
  bytesIn(
    await engine.run(collModStatement, [request.database, collectionOf(request), request.raw]),
    'document',
  );

const dropStatement: Statement = {
  name: 'drop_collection',
  text: 'select documentdb_api.drop_collection($1, $2)',
};

/** As in mongod since version 7, it is no error to drop a collection that does not exist. */
export const drop: SchemaCommand = async (request, engine) => {
  await engine.run(dropStatement, [request.database, collectionOf(request)]);
  return { ns: `${request.database}.${collectionOf(request)}`, ok: 1 };
};

const dropDatabaseStatement: Statement = {
  name: 'drop_database',
  text: 'select documentdb_api.drop_database($1)',
};

export const dropDatabase: SchemaCommand = async ({ database }, engine) => {
  await engine.run(dropDatabaseStatement, [database]);
  return { dropped: database, ok: 1 };
};

const renameStatement: Statement = {
  name: 'rename_collection',
  text: 'select documentdb_api.rename_collection($1::bytea::documentdb_core.bson)',
};

export const renameCollection: SchemaCommand = async ({ raw }, engine) => {
  await engine.run(renameStatement, [raw]);
  return { ok: 1 };
};

const createIndexesStatement: Statement = {
  name: 'create_indexes',
  text: `select retval::bytea as document, ok, requests::bytea as requests
         from documentdb_api.create_indexes_background($1, $2::bytea::documentdb_core.bson)`,
};
const buildQueuedIndex: Statement = {
  name: 'build_index',
  text: 'call documentdb_api_internal.build_index_concurrently(1)',
};
const buildStatus: Statement = {
  name: 'build_status',
  text: `select retval::bytea as document, ok, complete
         from documentdb_api_internal.check_build_index_status($1::bytea::documentdb_core.bson)`,
};

const pollMs = 20;

// The engine answers like a cluster: the answer of a single server is in `raw.defaultShard`.
const indexAnswer = (row: Row): BsonDocument => {
  const { raw } = readDocument(bytesIn(row, 'document'));
  const answer = isDocument(raw) && isDocument(raw['defaultShard']) ? raw['defaultShard'] : {};
  if (answer['ok'] !== 0) return { ...answer, ok: 1 };
  const message = textOf(answer['errmsg']) ?? 'the index cannot be built';
  throw new CommandError(codeOfWriteError(numberOf(answer['code']) ?? codes.internalError), message);
};

/**
 * Creates indexes and answers when they are built. The engine only queues an index for a collection that has documents.
 * Its scheduler is off here (see server-settings.ts), so the queue is processed at once.
 */
export const createIndexes: SchemaCommand = async ({ database, raw }, engine) => {
  const row = await engine.run(createIndexesStatement, [database, raw]);
  const answer = indexAnswer(row);
  const { requests } = row;
  if (!(requests instanceof Uint8Array) || !isDocument(readDocument(requests)['indexRequest'])) return answer;
  for (;;) {
    await engine.run(buildQueuedIndex, []);
    const status = await engine.run(buildStatus, [requests]);
    if (status['ok'] !== true) return indexAnswer(status);
    if (status['complete'] === true) return answer;
    await delay(pollMs);
  }
};

const dropIndexesStatement: Statement = {
  name: 'drop_indexes',
  text: 'call documentdb_api.drop_indexes($1, $2::bytea::documentdb_core.bson, null)',
};

export const dropIndexes: SchemaCommand = async ({ database, raw }, engine) => {
  const { retval } = await engine.run(dropIndexesStatement, [database, raw]);
  return retval instanceof Uint8Array ? retval : { ok: 1 };
};

const statistics = (name: string, text: string): SchemaCommand => {
  const statement = { name, text };
  return async (request, engine) =>
    bytesIn(await engine.run(statement, [request.database, collectionOf(request)]), 'document');
};

export const collStats = statistics(
  'coll_stats',
  'select documentdb_api.coll_stats($1, $2)::bytea as document',
);

export const dbStats: SchemaCommand = async ({ database }, engine) =>
  bytesIn(
    await engine.run({ name: 'db_stats', text: 'select documentdb_api.db_stats($1)::bytea as document' }, [
      database,
    ]),
    'document',
  );

const listDatabasesStatement: Statement = {
  name: 'list_databases',
  text: 'select documentdb_api.list_databases($1::bytea::documentdb_core.bson)::bytea as document',
};

export const listDatabases: SchemaCommand = async ({ raw }, engine) =>
  bytesIn(await engine.run(listDatabasesStatement, [raw]), 'document');
