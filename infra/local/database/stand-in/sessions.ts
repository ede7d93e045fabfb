import type { Connections, Lease } from '../postgres/connections.ts';
import type { Parameters } from './commands/server-commands.ts';
import { CommandError, codes } from './errors.ts';
import type { Request } from './request.ts';

type OpenTransaction = {
  readonly number: bigint;
  readonly lease: Lease;
  readonly expiry: NodeJS.Timeout;
};

type Session = {
  open?: OpenTransaction | undefined;
  ended?: { readonly number: bigint; readonly committed: boolean };
  lastWrite?: { readonly number: bigint; readonly answer: Promise<Uint8Array> };
};

// A transaction does not wait for a row that another one has changed: it fails with WriteConflict, as on mongod.
// It waits 20 ms first, because usually the other transaction is committing already.
const begin = "START TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL lock_timeout = '20ms'";

/** Logical sessions: the transaction that each has open, and the last retryable write of each. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();
  private readonly connections: Connections;
  private readonly parameters: Readonly<Parameters>;

  constructor(connections: Connections, parameters: Readonly<Parameters>) {
    this.connections = connections;
    this.parameters = parameters;
  }

  /** The transaction of a command. It is started if this is its first command. */
  async transactionOf(request: Request): Promise<OpenTransaction> {
    const session = this.sessionOf(request);
    const number = request.txnNumber ?? 0n;
    if (!request.startsTransaction) return this.openOrThrow(session, number);
    if (session.open) await this.rollBack(session, session.open);
    const lease = await this.connections.borrow('transaction');
    const expiry = setTimeout(() => {
      if (session.open?.lease === lease) void this.rollBack(session, session.open);
    }, this.parameters.transactionLifetimeLimitSeconds * 1_000);
    expiry.unref();
    session.open = { number, lease, expiry };
    // Not awaited: it is sent together with the transaction's first statement, which fails if this fails.
    lease.command(begin).catch(() => undefined);
    return session.open;
  }

  /** Commits. Committing a second time succeeds too, because a driver may repeat the command. */
  async commit(request: Request): Promise<void> {
    const session = this.sessionOf(request);
    const number = request.txnNumber ?? 0n;
    if (!session.open && session.ended?.number === number && session.ended.committed) return;
    const open = this.openOrThrow(session, number);
    const tag = await this.end(session, open, 'COMMIT');
    if (tag !== 'COMMIT') throw new CommandError(codes.noSuchTransaction, 'Transaction has been aborted.');
  }

  /** Rolls back the session's transaction. Throws NoSuchTransaction when it has none, or another one. */
  async abort(request: Request): Promise<void> {
    const session = this.sessionOf(request);
    await this.rollBack(session, this.openOrThrow(session, request.txnNumber ?? 0n));
  }

  /** Rolls back after a failed command, if the transaction is still open. */
  async abandon(request: Request): Promise<void> {
    const session = this.sessionOf(request);
    if (session.open) await this.rollBack(session, session.open);
  }

  async forget(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      const session = this.sessions.get(id);
      if (session?.open) await this.rollBack(session, session.open);
      this.sessions.delete(id);
    }
  }

  async forgetAll(): Promise<void> {
    await this.forget([...this.sessions.keys()]);
  }

  /** Runs a retryable write once. When it is repeated, it gets the first answer. */
  async writeOnce(request: Request, write: () => Promise<Uint8Array>): Promise<Uint8Array> {
    if (request.session === undefined || request.txnNumber === undefined) return write();
    const session = this.sessionOf(request);
    if (session.lastWrite?.number === request.txnNumber) return session.lastWrite.answer;
    const answer = write();
    session.lastWrite = { number: request.txnNumber, answer };
    // A write that failed as a whole has changed nothing, so it may run again.
    answer.catch(() => delete session.lastWrite);
    return answer;
  }

  private sessionOf(request: Request): Session {
    const id = request.session ?? '';
    const session = this.sessions.get(id) ?? {};
    this.sessions.set(id, session);
    return session;
  }

  private openOrThrow(session: Session, number: bigint): OpenTransaction {
    if (session.open?.number === number) return session.open;
    if (session.ended?.number === number && session.ended.committed)
      throw new CommandError(codes.transactionCommitted, `Transaction ${number} has been committed.`);
    throw new CommandError(
      codes.noSuchTransaction,
      `Given transaction number ${number} does not match any in-progress transactions.`,
    );
  }

  private async rollBack(session: Session, open: OpenTransaction): Promise<void> {
    await this.end(session, open, 'ROLLBACK').catch(() => undefined);
  }

  private async end(session: Session, open: OpenTransaction, how: 'COMMIT' | 'ROLLBACK'): Promise<string> {
    session.open = undefined;
    session.ended = { number: open.number, committed: false };
    clearTimeout(open.expiry);
    let fate: 'reuse' | 'close' = 'close';
    try {
      const tag = await open.lease.command(how);
      session.ended = { number: open.number, committed: tag === 'COMMIT' };
      fate = 'reuse';
      return tag;
    } finally {
      open.lease.release(fate);
    }
  }
}
