import { numberOf, readDocument, readFaithfully, readOuterDocument } from '../../wire/bson-document.ts';
import { documentsOf, splitSequence, textOf, writeDocument } from '../../wire/bson-document.ts';
import type { BsonDocument } from '../../wire/bson-document.ts';
import type { Answer, Engine } from '../engine.ts';
import { CommandError, codes } from '../errors.ts';
import type { Request } from '../request.ts';
import { runWrite } from './writes.ts';
import type { Write, WriteKind } from './writes.ts';

/** One operation of a bulkWrite: its place in the list, its collection, its bytes. */
type Operation = {
  readonly place: number;
  readonly kind: WriteKind;
  readonly namespace: number;
  readonly bytes: Buffer;
};

/** What one write command did, per operation; `place` is the operation's place in the client's list. */
type Outcome = { readonly place: number; readonly kind: WriteKind; readonly result: BsonDocument };

const documentsIn = (request: Request, name: string): Buffer[] => {
  const sequence = request.sequences.get(name);
  if (sequence) return splitSequence(sequence);
  return documentsOf(request.body[name]).map((document) => Buffer.from(writeDocument(document)));
};

const readOperation = (bytes: Buffer, place: number): Operation => {
  const outer = readOuterDocument(bytes);
  const kind = (['insert', 'update', 'delete'] as const).find((name) => name in outer);
  if (!kind) throw new CommandError(codes.badValue, `bulkWrite operation ${place} is of no known kind`);
  return { place, kind, namespace: numberOf(outer[kind]) ?? 0, bytes };
};

const statementOf = ({ kind, bytes }: Operation): Uint8Array => {
  if (kind === 'insert') {
    const document = readOuterDocument(bytes)['document'];
    if (document instanceof Uint8Array) return document;
    throw new CommandError(codes.badValue, 'an insert needs a document');
  }
  const { update, delete: _, filter, updateMods, multi, constants, ...rest } = readFaithfully(bytes);
  if (kind === 'delete') return writeDocument({ q: filter, limit: multi === true ? 0 : 1, ...rest });
  return writeDocument({
    q: filter,
    u: updateMods,
    multi: multi === true,
    ...rest,
    ...(constants ? { c: constants } : {}),
  });
};

const writeOf = (operation: Operation, namespaces: readonly string[], request: Request): Write => {
  const namespace = namespaces[operation.namespace];
  const dot = namespace?.indexOf('.') ?? -1;
  if (!namespace || dot < 1)
    throw new CommandError(codes.badValue, 'bulkWrite operation without a namespace');
  const { kind } = operation;
  const collection = namespace.slice(dot + 1);
  const { bypassDocumentValidation, let: variables } = request.body;
  const command = writeDocument({
    [kind]: collection,
    ordered: true,
    ...(bypassDocumentValidation === undefined ? {} : { bypassDocumentValidation }),
    ...(variables === undefined || kind === 'insert' ? {} : { let: variables }),
  });
  return {
    kind,
    database: namespace.slice(0, dot),
    collection,
    command,
    sequence: Buffer.from(statementOf(operation)),
  };
};

const failedResult = (result: BsonDocument): BsonDocument | undefined =>
  documentsOf(result['writeErrors'])[0];

const asDocument = (answer: Answer): BsonDocument =>
  answer instanceof Uint8Array ? readDocument(answer) : answer;

const runOne = async (operation: Operation, write: Write, engine: Engine): Promise<Outcome> => ({
  place: operation.place,
  kind: operation.kind,
  result: asDocument(await runWrite(write, engine)),
});

/** Sends all statements together. One failure aborts the transaction anyway. */
const runInTransaction = async (runs: readonly (() => Promise<Outcome>)[]): Promise<Outcome[]> => {
  const settled = await Promise.allSettled(runs.map((run) => run()));
  const outcomes: Outcome[] = [];
  for (const one of settled) {
    if (one.status === 'rejected') throw one.reason;
    outcomes.push(one.value);
    if (failedResult(one.value.result)) break;
  }
  return outcomes;
};

const runAlone = async (runs: readonly (() => Promise<Outcome>)[], ordered: boolean): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (const run of runs) {
    const outcome = await run();
    outcomes.push(outcome);
    if (ordered && failedResult(outcome.result)) break;
  }
  return outcomes;
};

const entryOf = ({ place, kind, result }: Outcome): BsonDocument => {
  const error = failedResult(result);
  if (error) return { ...error, ok: 0, idx: place, n: 0, ...(kind === 'update' ? { nModified: 0 } : {}) };
  const [upserted] = documentsOf(result['upserted']);
  return {
    ok: 1,
    idx: place,
    n: numberOf(result['n']) ?? 0,
    ...(kind === 'update' ? { nModified: numberOf(result['nModified']) ?? 0 } : {}),
    ...(upserted ? { upserted: { _id: upserted['_id'] } } : {}),
  };
};

const total = (outcomes: readonly Outcome[], kind: WriteKind, field: string): number =>
  outcomes.reduce((sum, one) => sum + (one.kind === kind ? (numberOf(one.result[field]) ?? 0) : 0), 0);

const summary = (outcomes: readonly Outcome[], errorsOnly: boolean): BsonDocument => {
  const entries = outcomes.map(entryOf);
  const errors = entries.filter((entry) => entry['ok'] === 0);
  const upserted = outcomes.filter(({ result }) => documentsOf(result['upserted']).length > 0).length;
  return {
    cursor: { id: 0n, firstBatch: errorsOnly ? errors : entries, ns: 'admin.$cmd.bulkWrite' },
    nErrors: errors.length,
    nInserted: total(outcomes, 'insert', 'n'),
    nMatched: total(outcomes, 'update', 'n') - upserted,
    nModified: total(outcomes, 'update', 'nModified'),
    nUpserted: upserted,
    nDeleted: total(outcomes, 'delete', 'n'),
    ok: 1,
  };
};

/**
 * Writes to several collections in one command. The engine's own bulkWrite does not work in transactions, so each
 * operation becomes one write command. In a transaction these are sent together, which costs one round trip.
 */
export const bulkWrite = async (request: Request, engine: Engine): Promise<Answer> => {
  const namespaces = documentsIn(request, 'nsInfo').map((info) => textOf(readDocument(info)['ns']) ?? '');
  const operations = documentsIn(request, 'ops').map(readOperation);
  const runs = operations.map((operation) => {
    const write = writeOf(operation, namespaces, request);
    return () => runOne(operation, write, engine);
  });
  const ordered = request.body['ordered'] !== false;
  const outcomes = engine.inTransaction ? await runInTransaction(runs) : await runAlone(runs, ordered);
  return summary(outcomes, request.body['errorsOnly'] === true);
};
