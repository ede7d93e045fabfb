import { type Command, type Fields, idOf, isFields } from './message.ts';
import { newcomersIn, reasonAgainst, type Request } from './rules.ts';
import { shapeOf, touchesOf } from './touches.ts';

/** Why a command must not be sent, with its shape and never a value. */
export type Breach = string;

/** Commands that touch no document. */
export const HARMLESS: ReadonlySet<string> = new Set([
  ...['hello', 'isMaster', 'ismaster', 'saslStart', 'saslContinue', 'ping', 'buildInfo', 'buildinfo'],
  ...['commitTransaction', 'abortTransaction', 'endSessions', 'killSessions'],
  ...['create', 'createIndexes', 'collMod', 'listCollections', 'listIndexes', 'dropIndexes'],
]);

const WRITES: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'findAndModify', 'bulkWrite']);

/** A write outside a transaction that could be lost when the primary changes. */
const isForgettable = ({ name, body }: Command): boolean =>
  WRITES.has(name) && body['autocommit'] !== false && body['writeConcern']?.w !== 'majority';

/** How many cursors and requests are remembered; the oldest are dropped. */
const REMEMBERED = 20_000;

const remember = <V>(map: Map<string, V>, key: string, value: V): V => {
  if (map.size >= REMEMBERED) map.delete(map.keys().next().value ?? '');
  map.set(key, value);
  return value;
};

/**
 * A second check of every command that is sent. It shares no code with the store's own guard, only the list of what
 * system tasks may send. It knows the request of a command from its comment.
 */
export class Judge {
  readonly #requests = new Map<string, Request>();
  readonly #cursors = new Map<string, string>();

  /** Sets the business and the subject of a request in advance; without them, the request's first command decides. */
  expect(requestId: string, businessId: string, subject: string | null = null): void {
    const customers = new Set<string>();
    remember(this.#requests, requestId, { businessId, subject, purpose: null, customers });
  }

  /** @returns why the command must not be sent; null if it may */
  judge(command: Command): Breach | null {
    try {
      return this.#reasonAgainst(command);
    } catch {
      return `${command.name}: its form is unknown and cannot be checked`;
    }
  }

  #reasonAgainst(command: Command): Breach | null {
    const { name, body } = command;
    if (HARMLESS.has(name)) return null;
    if (name === 'getMore') return this.#isOpen(body['getMore']) ? null : 'getMore of an unknown cursor';
    if (name === 'killCursors') return this.#killing(body);
    if (name === 'explain') return this.#explaining(body);
    const touches = touchesOf(command);
    if (touches === null) return `${name}: not a command that is known to be scoped`;
    const request = this.#requestOf(body['comment']);
    const shapes = [...new Set(touches.map(shapeOf))].join(' + ');
    if (request === null) return `${shapes}: no comment says whose it is`;
    const newcomers = newcomersIn(touches, request);
    for (const touch of touches) {
      const reason = reasonAgainst(touch, request, newcomers);
      if (reason !== null) return `${shapes}: ${reason}`;
    }
    if (isForgettable(command)) return `${shapes}: it does not wait until a majority has it`;
    for (const id of newcomers) request.customers.add(id);
    return null;
  }

  /** Learns from the answer to an allowed command: cursors, and the customers of links. */
  hear({ name, body }: Command, answer: Fields): void {
    const { cursor } = answer;
    if (!isFields(cursor)) return;
    const comment = name === 'getMore' ? this.#cursors.get(String(body['getMore'])) : String(body['comment']);
    if (comment === undefined) return;
    if (String(cursor['id']) !== '0') remember(this.#cursors, String(cursor['id']), comment);
    const collection = name === 'getMore' ? body['collection'] : body[name];
    const request = collection === 'customer_link' ? this.#requestOf(comment) : null;
    // The stages of a system task may produce ids that are not stored.
    if (request !== null && request.purpose !== null && name === 'aggregate') return;
    for (const row of cursor['firstBatch'] ?? cursor['nextBatch'] ?? []) {
      const id = idOf(row.customerId);
      if (id !== null) request?.customers.add(id);
    }
  }

  #isOpen(id: unknown): boolean {
    return this.#cursors.has(String(id));
  }

  #killing({ cursors }: Fields): Breach | null {
    const isOurs = Array.isArray(cursors) && cursors.every((id) => this.#isOpen(id));
    return isOurs ? null : 'killCursors of an unknown cursor';
  }

  #explaining({ explain, comment }: Fields): Breach | null {
    if (!isFields(explain)) return 'explain of nothing';
    const inner = this.judge({ name: Object.keys(explain)[0] ?? '', body: { comment, ...explain } });
    return inner === null ? null : `explain of ${inner}`;
  }

  /** The comment is `<request>`, or `<purpose> <request>` for a system task. */
  #requestOf(comment: unknown): Request | null {
    if (typeof comment !== 'string') return null;
    const [first = '', second] = comment.split(' ');
    const requestId = second ?? first;
    return (
      this.#requests.get(requestId) ??
      remember(this.#requests, requestId, {
        businessId: null,
        subject: null,
        purpose: second === undefined ? null : first,
        customers: new Set<string>(),
      })
    );
  }
}
