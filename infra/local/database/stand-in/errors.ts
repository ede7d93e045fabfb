import type { BsonDocument } from '../wire/bson-document.ts';

/** MongoDB's names of the error codes that this gateway can answer. */
const codeNames: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  68: 'IndexAlreadyExists',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  121: 'DocumentValidationFailure',
  146: 'ExceededMemoryLimit',
  166: 'CommandNotSupportedOnView',
  197: 'InvalidIndexSpecificationOption',
  224: 'QueryFeatureNotAllowed',
  225: 'TransactionTooOld',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  263: 'OperationNotSupportedInTransaction',
  291: 'NoQueryExecutionPlans',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
};

/** The codes that the gateway's own code uses. */
export const codes = {
  internalError: 1,
  badValue: 2,
  failedToParse: 9,
  cursorNotFound: 43,
  maxTimeMsExpired: 50,
  commandNotFound: 59,
  invalidOptions: 72,
  writeConflict: 112,
  transactionTooOld: 225,
  noSuchTransaction: 251,
  transactionCommitted: 256,
  duplicateKey: 11000,
} as const;

const transientTransactionError = 'TransientTransactionError';

/** A failed command, as MongoDB reports it: the client reads the code, the message and the labels. */
export class CommandError extends Error {
  readonly code: number;
  readonly labels: readonly string[];
  readonly details: BsonDocument;

  constructor(code: number, message: string, details: BsonDocument = {}) {
    super(message);
    this.code = code;
    this.details = details;
    // After these two the whole transaction may be repeated, which the driver's withTransaction does.
    const isTransient = code === codes.writeConflict || code === codes.noSuchTransaction;
    this.labels = isTransient ? [transientTransactionError] : [];
  }
}

/** The answer to a failed command. Labels have a meaning only inside a transaction. */
export const errorAnswer = (error: CommandError, inTransaction: boolean): BsonDocument => ({
  ok: 0,
  errmsg: error.message,
  code: error.code,
  codeName: codeNames[error.code] ?? `Location${error.code}`,
  ...error.details,
  ...(inTransaction && error.labels.length > 0 ? { errorLabels: [...error.labels] } : {}),
});
