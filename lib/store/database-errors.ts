import { Error as MongooseErrors, mongo } from 'mongoose';
import { Unavailable } from '#lib/domain/errors.ts';
import { Conflict } from './conflict.ts';

const DUPLICATE_KEY = 11000;
const WRITE_CONFLICT = 112;
/** MaxTimeMSExpired, ExceededTimeLimit, ShutdownInProgress, InterruptedAtShutdown, NotWritablePrimary and its kin. */
const UNAVAILABLE_CODES: ReadonlySet<unknown> = new Set([
  50, 262, 91, 11600, 11602, 10107, 13435, 189, 7, 6, 89,
]);

/** The driver exports no classes for these. */
const POOL_ERRORS: ReadonlySet<string> = new Set([
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'MongoWaitQueueTimeoutError',
]);

/**
 * A socket that broke unnoticed, as in a Lambda that was frozen: the driver neither wraps what the socket says nor
 * tries again. A commit that meets it is sent again; before a commit nothing was written.
 */
const BROKEN_SOCKET_CODES: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ERR_STREAM_DESTROYED',
]);

/** The index a refused write would have doubled, with the position of that write in its batch. */
export type DuplicateKey = Readonly<{ index: string; position: number }>;

/** Reads a duplicate key error of a single or bulk write; null for any other error. */
export const duplicateKeyOf = (error: unknown): DuplicateKey | null => {
  if (error instanceof mongo.MongoClientBulkWriteError) {
    for (const [position, { code, message }] of error.writeErrors) {
      if (code === DUPLICATE_KEY) return { index: indexNameIn(message), position };
    }
  }
  if (error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY) {
    return { index: indexNameIn(error.message), position: 0 };
  }
  return null;
};

/**
 * Whether an update by the database's clock met another one of the same document: which made it first, or changed it in
 * the same moment, when the embedded engine looks again at what it updates and has no clock there.
 */
export const metAnother = (error: unknown): boolean =>
  duplicateKeyOf(error) !== null ||
  (error instanceof mongo.MongoServerError && error.message.includes('$$NOW'));

const indexNameIn = (message: string): string => /index: (\S+)/.exec(message)?.[1] ?? 'unknown';

/** Whether the outcome of a commit is unknown and the commit itself may be sent again. */
export const isCommitUnknown = (error: unknown): boolean =>
  isBrokenSocket(error) ||
  (error instanceof mongo.MongoError && error.hasErrorLabel('UnknownTransactionCommitResult'));

/**
 * Says what an error of the driver means to the service: a Conflict to retry, the database being
 * unavailable, or the error itself (a defect of ours).
 */
export const meaningOf = (failure: unknown): unknown => {
  const error = commandErrorOf(failure);
  if (isBrokenSocket(error) || isClosedConnection(error)) {
    return new Conflict('The connection to the database broke.', { cause: error });
  }
  if (!(error instanceof mongo.MongoError)) return error;
  const isConflict = error.code === WRITE_CONFLICT || writeErrorCodes(error).includes(WRITE_CONFLICT);
  if (isConflict) return new Conflict('Another write came first.', { cause: error });
  if (isUnavailable(error)) {
    return new Unavailable('The database did not answer in time. Try again.', { cause: error });
  }
  if (error.hasErrorLabel('TransientTransactionError')) {
    return new Conflict('The transaction could not be completed.', { cause: error });
  }
  return error;
};

/** A bulk write that fails as a whole wraps what failed it. */
const commandErrorOf = (error: unknown): unknown =>
  error instanceof mongo.MongoClientBulkWriteError && error.cause !== undefined ? error.cause : error;

const isBrokenSocket = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && BROKEN_SOCKET_CODES.has(error.code);

/**
 * Whether another request of this environment gave the connection up, and with it this one's session. Before a commit
 * nothing is saved; of a commit nobody knows. Mongoose has no class for it.
 */
export const isClosedConnection = (error: unknown): boolean =>
  error instanceof mongo.MongoClientClosedError ||
  error instanceof mongo.MongoExpiredSessionError ||
  (error instanceof MongooseErrors && error.message === 'Connection was force closed');

const writeErrorCodes = (error: mongo.MongoError): readonly number[] =>
  error instanceof mongo.MongoClientBulkWriteError
    ? [...error.writeErrors.values()].map(({ code }) => code)
    : [];

const isUnavailable = (error: mongo.MongoError): boolean =>
  error instanceof mongo.MongoNetworkError ||
  error instanceof mongo.MongoServerSelectionError ||
  error instanceof mongo.MongoNotConnectedError ||
  error instanceof mongo.MongoTopologyClosedError ||
  POOL_ERRORS.has(error.name) ||
  UNAVAILABLE_CODES.has(error.code);
