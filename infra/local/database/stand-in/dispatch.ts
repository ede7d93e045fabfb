import { DatabaseError } from 'pg';
import type { Connections } from '../postgres/connections.ts';
import { documentsOf, writeDocument } from '../wire/bson-document.ts';
import { commandNamed } from './command-table.ts';
import type { DataCommand } from './command-table.ts';
import { serverCommands } from './commands/server-commands.ts';
import type { Member } from './commands/server-commands.ts';
import { Cursors } from './cursors.ts';
import { describeDuplicate } from './duplicate-key.ts';
import { engineOn, toCommandError, withinTime } from './engine.ts';
import type { Answer } from './engine.ts';
import { CommandError, codes, errorAnswer } from './errors.ts';
import { collectionOf, sessionIdOf } from './request.ts';
import type { Request } from './request.ts';
import { Sessions } from './sessions.ts';

const bytesOf = (answer: Answer): Uint8Array =>
  answer instanceof Uint8Array ? answer : writeDocument(answer);

/** Runs each command with the code that handles it, and turns every failure into an answer. */
export class Dispatcher {
  readonly cursors = new Cursors();
  readonly sessions: Sessions;
  private readonly connections: Connections;
  private readonly member: Member;

  constructor(connections: Connections, member: Member) {
    this.connections = connections;
    this.member = member;
    this.sessions = new Sessions(connections, member.parameters);
  }

  /** The answer to a command, as BSON. Never rejects: a failure becomes an answer with `ok: 0`. */
  async answer(request: Request): Promise<Uint8Array> {
    try {
      return await this.run(request);
    } catch (error) {
      const failure = await this.described(toCommandError(error), request);
      return writeDocument(errorAnswer(failure, request.inTransaction));
    }
  }

  private async run(request: Request): Promise<Uint8Array> {
    const serverCommand = serverCommands.get(request.name);
    if (serverCommand) return writeDocument(serverCommand(this.member, request));
    const sessionCommand = this.sessionCommand(request);
    if (sessionCommand) {
      await sessionCommand();
      return writeDocument({ ok: 1 });
    }
    const command = commandNamed(request.name);
    if (!command) throw new CommandError(codes.commandNotFound, `no such command: '${request.name}'`);
    if (request.inTransaction) return this.runInTransaction(command, request);
    return this.sessions.writeOnce(request, () => this.runAlone(command, request));
  }

  private async runAlone(command: DataCommand, request: Request): Promise<Uint8Array> {
    const lease = await this.connections.borrow('plain');
    let fate: 'reuse' | 'close' = 'close';
    try {
      const engine = engineOn(lease, this.connections);
      const work = () => command(request, engine, this.cursors);
      const answer = await withinTime(lease, request.maxTimeMs, work);
      fate = 'reuse';
      return bytesOf(answer);
    } catch (error) {
      // The server refused the command, so the connection still works.
      if (error instanceof DatabaseError || error instanceof CommandError) fate = 'reuse';
      throw error;
    } finally {
      lease.release(fate);
    }
  }

  private async runInTransaction(command: DataCommand, request: Request): Promise<Uint8Array> {
    const { lease } = await this.sessions.transactionOf(request);
    const fate = { isDoomed: false };
    try {
      const engine = engineOn(lease, this.connections, () => {
        fate.isDoomed = true;
      });
      const work = () => command(request, engine, this.cursors);
      const answer = await withinTime(lease, request.maxTimeMs, work);
      if (fate.isDoomed) await this.sessions.abandon(request);
      return bytesOf(answer);
    } catch (error) {
      await this.sessions.abandon(request);
      throw error;
    }
  }

  private sessionCommand(request: Request): (() => Promise<void>) | undefined {
    const { name, body } = request;
    if (name === 'commitTransaction') return () => this.sessions.commit(request);
    if (name === 'abortTransaction') return () => this.sessions.abort(request);
    if (name === 'killAllSessions') return () => this.sessions.forgetAll();
    if (name !== 'endSessions' && name !== 'killSessions') return undefined;
    const ids = documentsOf(body[name]).map(sessionIdOf);
    return () => this.sessions.forget(ids.filter((id) => id !== undefined));
  }

  private async described(failure: CommandError, request: Request): Promise<CommandError> {
    if (failure.code !== codes.duplicateKey) return failure;
    const duplicate = {
      database: request.database,
      collection: collectionOf(request),
      message: failure.message,
    };
    const engine = { look: this.connections.look.bind(this.connections) };
    const { errmsg, ...details } = await describeDuplicate(duplicate, engine);
    return new CommandError(failure.code, errmsg, details);
  }
}
