import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { Connections, Lease, Row, Statement } from '../postgres/connections.ts';
import type { BsonDocument } from '../wire/bson-document.ts';
import { CommandError, codes } from './errors.ts';
import { codeOfSqlState } from './sql-state.ts';

/** The database, as a running command may use it. */
export type Engine = {
  readonly inTransaction: boolean;
  /** Runs one statement in the command's transaction, or without one. */
  run(statement: Statement, values: readonly unknown[]): Promise<Row>;
  /** Reads on another connection, for the text of an error. Works after the transaction has failed too. */
  look(statement: Statement, values: readonly unknown[]): Promise<Row>;
  /** Repeats a single write after a conflict. In a transaction it does not: the client repeats the whole transaction. */
  retry<Result>(write: () => Promise<Result>): Promise<Result>;
  /** Marks the transaction to be aborted, because the answer contains an error for which MongoDB aborts it. */
  doom(): void;
};

/** The answer to a command: a document, or the bytes of one that the engine has made. */
export type Answer = BsonDocument | Uint8Array;

const queryCancelled = '57014';

/** A failure in the form in which MongoDB reports it. */
export const toCommandError = (error: unknown): CommandError => {
  if (error instanceof CommandError) return error;
  if (!(error instanceof DatabaseError)) return new CommandError(codes.internalError, String(error));
  return new CommandError(codeOfSqlState(error.code ?? ''), error.message);
};

const attempts = 12;

/**
 * Outside a transaction a client never sees a write conflict: mongod repeats the write, and the gateway does too.
 * `write` may throw WriteConflict only when it has changed nothing.
 */
const retryingConflicts = async <Result>(write: () => Promise<Result>): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      const isConflict = toCommandError(error).code === codes.writeConflict;
      if (!isConflict || attempt === attempts) throw error;
      await delay(Math.random() * 5 * attempt);
    }
  }
};

export const engineOn = (lease: Lease, connections: Connections, doom?: () => void): Engine => ({
  inTransaction: doom !== undefined,
  run: (statement, values) => lease.run(statement, values),
  look: (statement, values) => connections.look(statement, values),
  retry: (write) => (doom ? write() : retryingConflicts(write)),
  doom: doom ?? (() => undefined),
});

/** Runs `work`. After `maxTimeMs` it is cancelled in the database, and fails with code 50 as in MongoDB. */
export const withinTime = async <Result>(
  lease: Lease,
  maxTimeMs: number | undefined,
  work: () => Promise<Result>,
): Promise<Result> => {
  if (maxTimeMs === undefined) return work();
  let cancelling: Promise<void> | undefined;
  const timer = setTimeout(() => {
    cancelling = lease.cancel().catch(() => undefined);
  }, maxTimeMs);
  try {
    return await work();
  } catch (error) {
    const isOurs = error instanceof DatabaseError && error.code === queryCancelled;
    throw isOurs ? new CommandError(codes.maxTimeMsExpired, 'operation exceeded time limit') : error;
  } finally {
    clearTimeout(timer);
    // A cancellation that is still to be sent could cancel the next statement on this connection.
    await cancelling;
  }
};
