import type { Statement } from '../../postgres/connections.ts';
import { documentsOf, numberOf, readDocument, splitSequence, textOf } from '../../wire/bson-document.ts';
import type { BsonDocument } from '../../wire/bson-document.ts';
import { describeDuplicate } from '../duplicate-key.ts';
import type { Answer, Engine } from '../engine.ts';
import { CommandError, codes } from '../errors.ts';
import { collectionOf } from '../request.ts';
import type { Request } from '../request.ts';
import { bytesIn } from '../row.ts';
import { codeOfWriteError } from '../sql-state.ts';

export type WriteKind = 'insert' | 'update' | 'delete';

const sequenceOf: Readonly<Record<WriteKind, string>> = {
  insert: 'documents',
  update: 'updates',
  delete: 'deletes',
};

const statementFor = (kind: WriteKind): Statement => ({
  name: kind,
  text: `select p_result::bytea as document, p_success as success
         from documentdb_api.${kind}($1, $2::bytea::documentdb_core.bson, $3::bytea::documentdb_core.bsonsequence)`,
});

const statements: Readonly<Record<WriteKind, Statement>> = {
  insert: statementFor('insert'),
  update: statementFor('update'),
  delete: statementFor('delete'),
};

/** One write command for one collection, from the client or from a bulkWrite that was split. */
export type Write = {
  readonly kind: WriteKind;
  readonly database: string;
  readonly collection: string;
  readonly command: Uint8Array;
  /** The documents, updates or deletes, one after the other; null when the command contains them. */
  readonly sequence: Buffer | null;
};

const refusedDocument = (write: Write, index: number): BsonDocument | undefined => {
  if (write.kind !== 'insert') return undefined;
  if (!write.sequence) return documentsOf(readDocument(write.command)['documents'])[index];
  const bytes = splitSequence(write.sequence)[index];
  return bytes && readDocument(bytes);
};

const translated = async (error: BsonDocument, write: Write, engine: Engine): Promise<BsonDocument> => {
  const code = codeOfWriteError(numberOf(error['code']) ?? codes.internalError);
  const index = numberOf(error['index']) ?? 0;
  const message = textOf(error['errmsg']) ?? '';
  if (code !== codes.duplicateKey) return { ...error, index, code };
  const { database, collection } = write;
  const document = refusedDocument(write, index);
  return { index, code, ...(await describeDuplicate({ database, collection, message, document }, engine)) };
};

/**
 * Runs a write once. Returns its result with MongoDB's fields and error codes. A conflict is thrown as WriteConflict when
 * nothing was written, or in a transaction: only then can the write be repeated. Otherwise the result reports it.
 */
const tryWrite = async (write: Write, engine: Engine): Promise<Answer> => {
  const { kind, database, command, sequence } = write;
  const row = await engine.run(statements[kind], [database, command, sequence]);
  const bytes = bytesIn(row, 'document');
  if (row['success'] === true) return bytes;
  const result = readDocument(bytes);
  const errors = documentsOf(result['writeErrors']);
  const writeErrors = await Promise.all(errors.map((error) => translated(error, write, engine)));
  const conflict = writeErrors.find((error) => error['code'] === codes.writeConflict);
  if (conflict && (engine.inTransaction || (writeErrors.length === 1 && numberOf(result['n']) === 0)))
    throw new CommandError(codes.writeConflict, textOf(conflict['errmsg']) ?? 'Write conflict');
  if (writeErrors.length > 0) engine.doom();
  return { ...result, writeErrors, ok: 1 };
};

/** Runs a write and repeats it after a conflict outside a transaction, as mongod does. */
export const runWrite = (write: Write, engine: Engine): Promise<Answer> =>
  engine.retry(() => tryWrite(write, engine));

const write =
  (kind: WriteKind) =>
  (request: Request, engine: Engine): Promise<Answer> =>
    runWrite(
      {
        kind,
        database: request.database,
        collection: collectionOf(request),
        command: request.raw,
        sequence: request.sequences.get(sequenceOf[kind]) ?? null,
      },
      engine,
    );

export const insert = write('insert');
export const update = write('update');
export const deleteDocuments = write('delete');

const findAndModifyStatement: Statement = {
  name: 'find_and_modify',
  text: `select p_result::bytea as document
         from documentdb_api.find_and_modify($1, $2::bytea::documentdb_core.bson)`,
};

export const findAndModify = ({ database, raw }: Request, engine: Engine): Promise<Answer> =>
  engine.retry(async () => bytesIn(await engine.run(findAndModifyStatement, [database, raw]), 'document'));
