import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { Connections, Lease, Row, Statement } from '../postgres/connections.ts';
import type { BsonDocument } from '../wire/bson-document.ts';
import { CommandError, codes } from './errors.ts';
import { codeOfSqlState } from './sql-state.ts';

/** What a command may do with the database while it runs. */
export type Engine = {
  readonly inTransaction: boolean;
  /** Runs one statement where the command belongs: in its transaction, or on its own. */
  run(statement: Statement, values: readonly unknown[]): Promise<Row>;
  /** A read beside the command, for the text of an error; works in a failed transaction too. */
  look(statement: Statement, values: readonly unknown[]): Promise<Row>;
  /** Tries a single write again after a conflict, unless it belongs to a transaction, which is the client's to repeat. */
  retry<Result>(write: () => Promise<Result>): Promise<Result>;
  /** Says that the answer holds an error for which MongoDB aborts the transaction. */
  doom(): void;
};

/** What a command answers: a document, or the bytes of one that the engine has made. */
export type Answer = BsonDocument | Uint8Array;

const queryCancelled = '57014';

/** Any failure as MongoDB would report it. */
export const toCommandError = (error: unknown): CommandError => {
  if (error instanceof CommandError) return error;
  if (!(error instanceof DatabaseError)) return new CommandError(codes.internalError, String(error));
  return new CommandError(codeOfSqlState(error.code ?? ''), error.message);
};

const attempts = 12;

/**
 * Outside a transaction a write conflict is nobody's business: mongod tries the write again, and so do we.
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

/** Runs `work` and really stops it in the database after `maxTimeMs`: code 50, as MongoDB answers. */
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
    // Until it has been sent, a cancellation could still hit the connection's next user.
    await cancelling;
  }
};
