import { Pool } from 'pg';
import type { PoolClient, PoolConfig, QueryResult } from 'pg';

/** A SQL statement that every connection prepares once. */
export type Statement = { readonly name: string; readonly text: string };

/** One row of an answer. BSON columns arrive as bytes. */
export type Row = Readonly<Record<string, unknown>>;

/** A borrowed connection. Statements that are sent without waiting go out together (PostgreSQL's pipeline mode). */
export type Lease = {
  run(statement: Statement, values: readonly unknown[]): Promise<Row>;
  /** Runs plain SQL. Returns the tag of its last command, for example COMMIT or ROLLBACK. */
  command(sql: string): Promise<string>;
  /** Cancels the statement that runs on this connection. Resolves when the cancellation has been sent. */
  cancel(): Promise<void>;
  /** Gives the connection back, or closes it when it is in an unknown state. */
  release(fate: 'reuse' | 'close'): void;
};

// Transactions have a separate pool. Otherwise open transactions could use up all connections, and the plain commands
// that would let them finish would wait for ever.
const plainConnections = 20;
const transactionConnections = 40;
const controlConnections = 2;

/** More than all pools together: the engine makes connections too, and a person may connect with psql. */
export const serverConnections = plainConnections + transactionConnections + controlConnections + 10;

const asQuery = (statement: Statement, values: readonly unknown[]) => ({ ...statement, values: [...values] });

const firstRow = (answer: QueryResult<Row>): Row => answer.rows[0] ?? {};

const processIdOf = async (client: PoolClient): Promise<number> => {
  const answer = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return answer.rows[0]?.pid ?? 0;
};

/** The gateway's connections to its PostgreSQL, which listens on a socket in `socketFolder`. */
export class Connections {
  private readonly plain: Pool;
  private readonly transactional: Pool;
  private readonly control: Pool;
  private readonly processIds = new WeakMap<PoolClient, number>();

  constructor(socketFolder: string, user: string) {
    const server: PoolConfig = { host: socketFolder, port: 5432, user, database: 'postgres', pipeline: true };
    this.plain = new Pool({ ...server, max: plainConnections, idleTimeoutMillis: 0 });
    this.transactional = new Pool({ ...server, max: transactionConnections, idleTimeoutMillis: 60_000 });
    this.control = new Pool({ ...server, max: controlConnections, idleTimeoutMillis: 0 });
    for (const pool of [this.plain, this.transactional, this.control]) {
      // A broken connection fails the statement that runs on it. The pool replaces it at the next use.
      pool.on('error', () => undefined);
      pool.on('connect', (client) => client.on('error', () => undefined));
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.plain.end(), this.transactional.end(), this.control.end()]);
  }

  /** One quick look-up on a connection that is kept free for this, so it never waits for a command. */
  async look(statement: Statement, values: readonly unknown[]): Promise<Row> {
    return firstRow(await this.control.query<Row>(asQuery(statement, values)));
  }

  /** Borrows a connection; waits while all are in use. */
  async borrow(use: 'plain' | 'transaction'): Promise<Lease> {
    const client = await (use === 'plain' ? this.plain : this.transactional).connect();
    const processId = this.processIds.get(client) ?? (await processIdOf(client));
    this.processIds.set(client, processId);
    return {
      run: async (statement, values) => {
        return firstRow(await client.query<Row>(asQuery(statement, values)));
      },
      command: async (sql) => {
        const answer: unknown = await client.query(sql);
        const last: unknown = Array.isArray(answer) ? answer.at(-1) : answer;
        return typeof last === 'object' && last && 'command' in last ? String(last.command) : '';
      },
      cancel: async () => {
        await this.control.query('select pg_cancel_backend($1)', [processId]);
      },
      release: (fate) => {
        client.release(fate === 'close');
      },
    };
  }
}
