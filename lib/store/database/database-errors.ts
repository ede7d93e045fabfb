import { Error as MongooseErrors, mongo } from 'mongoose';
import { Unavailable } from '#lib/domain/errors.ts';
import { Conflict } from './conflict.ts';

const DUPLICATE_KEY = 11000;
const WRITE_CONFLICT = 112;
/**
 * MaxTimeMSExpired, ExceededTimeLimit, ShutdownInProgress, InterruptedAtShutdown, InterruptedDueToReplStateChange,
 * NotWritablePrimary, NotPrimaryNoSecondaryOk, PrimarySteppedDown, HostNotFound, HostUnreachable and NetworkTimeout.
 */
const UNAVAILABLE_CODES: ReadonlySet<unknown> = new Set([
  50, 262, 91, 11600, 11602, 10107, 13435, 189, 7, 6, 89,
]);

/** Names of errors whose classes the driver does not export. */
const POOL_ERRORS: ReadonlySet<string> = new Set([
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'MongoWaitQueueTimeoutError',
]);

/**
 * Errors of a socket that broke unnoticed, for example while the Lambda was frozen. The driver neither wraps nor retries
 * them. A commit that fails with one is sent again; before the commit, nothing was written.
 */
const BROKEN_SOCKET_CODES: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ERR_STREAM_DESTROYED',
]);

/** The unique index that refused a write, and the position of that write in its batch. */
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
 * Whether an update that uses the database's clock collided with another update of the same document, which either created
 * the document first or changed it at the same moment. In the second case the embedded engine evaluates the update again
 * and fails, because it has no `$$NOW` there.
 */
export const isConcurrentUpdate = (error: unknown): boolean =>
  duplicateKeyOf(error) !== null ||
  (error instanceof mongo.MongoServerError && error.message.includes('$$NOW'));

const indexNameIn = (message: string): string => /index: (\S+)/.exec(message)?.[1] ?? 'unknown';

/** Whether the outcome of a commit is unknown. The commit may then be sent again. */
export const isCommitUnknown = (error: unknown): boolean =>
  isBrokenSocket(error) ||
  (error instanceof mongo.MongoError && error.hasErrorLabel('UnknownTransactionCommitResult'));

/**
 * Translates an error of the driver: into a Conflict that can be retried, into Unavailable, or into the error itself,
 * which is a defect of this service.
 */
export const translateError = (failure: unknown): unknown => {
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

/** When a bulk write fails as a whole, its error wraps the cause. */
const commandErrorOf = (error: unknown): unknown =>
  error instanceof mongo.MongoClientBulkWriteError && error.cause !== undefined ? error.cause : error;

const isBrokenSocket = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && BROKEN_SOCKET_CODES.has(error.code);

/**
 * Whether another request of this environment closed the connection, and with it this request's session. Before a commit,
 * nothing is saved; after one was sent, the outcome is unknown. Mongoose has no class for its own error.
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
