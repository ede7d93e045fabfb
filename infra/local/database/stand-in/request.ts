import type { Binary } from 'bson';
import { isDocument, numberOf, readDocument, textOf } from '../wire/bson-document.ts';
import type { BsonDocument } from '../wire/bson-document.ts';
import type { OpMsg } from '../wire/op-msg.ts';

/** One command: the parts that the gateway reads. `raw` is sent to the engine unchanged. */
export type Request = {
  readonly name: string;
  readonly database: string;
  readonly body: BsonDocument;
  readonly raw: Buffer;
  readonly sequences: ReadonlyMap<string, Buffer>;
  /** The logical session's id in hex. */
  readonly session: string | undefined;
  /** Numbers a retryable write or a transaction within its session. */
  readonly txnNumber: bigint | undefined;
  readonly inTransaction: boolean;
  readonly startsTransaction: boolean;
  /** Milliseconds the command may take. */
  readonly maxTimeMs: number | undefined;
};

const hexOf = (value: unknown): string | undefined => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  const isBinary = (candidate: unknown): candidate is Binary =>
    isDocument(candidate) && candidate['buffer'] instanceof Uint8Array;
  return isBinary(value) ? Buffer.from(value.buffer).toString('hex') : undefined;
};

/** The hex id in `{ id: <uuid> }`, the form in which commands name a session. */
export const sessionIdOf = (lsid: unknown): string | undefined =>
  isDocument(lsid) ? hexOf(lsid['id']) : undefined;

/** Reads a command. The first field's name is the command's name, by definition of the protocol. */
export const readRequest = (message: Pick<OpMsg, 'body' | 'sequences'>, database?: string): Request => {
  const body = readDocument(message.body);
  const maxTimeMs = numberOf(body['maxTimeMS']);
  return {
    name: Object.keys(body)[0] ?? '',
    database: textOf(body['$db']) ?? database ?? 'admin',
    body,
    raw: message.body,
    sequences: message.sequences,
    session: sessionIdOf(body['lsid']),
    txnNumber: typeof body['txnNumber'] === 'bigint' ? body['txnNumber'] : undefined,
    inTransaction: body['autocommit'] === false,
    startsTransaction: body['startTransaction'] === true,
    maxTimeMs: maxTimeMs !== undefined && maxTimeMs > 0 ? maxTimeMs : undefined,
  };
};

/** The collection that a command works on: by convention the value of its first field. */
export const collectionOf = (request: Request): string => textOf(request.body[request.name]) ?? '';
