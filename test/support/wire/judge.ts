import { SYSTEM_SHAPES } from '#lib/store/isolation/system-shapes.ts';
import { type Command, type Fields, idOf, isFields } from './message.ts';
import { shapeOf, type Touch, touchesOf } from './touches.ts';

/** What one request is known for: whose it is, and which customers its links led to. */
type Request = { businessId: string | null; purpose: string | null; readonly customers: Set<string> };

/** Why a command must not leave, with its shape and never a value. */
export type Breach = string;

/** They touch no document. */
export const HARMLESS: ReadonlySet<string> = new Set([
  ...['hello', 'isMaster', 'ismaster', 'saslStart', 'saslContinue', 'ping', 'buildInfo', 'buildinfo'],
  ...['commitTransaction', 'abortTransaction', 'endSessions', 'killSessions'],
  ...['create', 'createIndexes', 'collMod', 'listCollections', 'listIndexes'],
]);

/** By what a document says whose it is; `its link` is a customer, `existence` may only be asked for by one id. */
const WHOSE: Readonly<Record<string, 'businessId' | '_id' | 'its link' | 'existence'>> = {
  customer: 'its link',
  customer_link: 'businessId',
  customer_audit: 'businessId',
  outbox: 'businessId',
  idempotency: 'businessId',
  tombstone: 'businessId',
  business_settings: '_id',
  rate_limit: '_id',
  erasure: 'existence',
};

/** Cursors and requests that are remembered at most; the oldest go. */
const REMEMBERED = 20_000;

const remember = <V>(map: Map<string, V>, key: string, value: V): V => {
  if (map.size >= REMEMBERED) map.delete(map.keys().next().value ?? '');
  map.set(key, value);
  return value;
};

/**
 * A second opinion on every command that leaves: it shares no code with the store's own guard, only the list of what
 * system tasks may send. It knows a request by the comment on its commands.
 */
export class Judge {
  readonly #requests = new Map<string, Request>();
  readonly #cursors = new Map<string, string>();

  /** Says beforehand whose a request is; of another, its first command tells. */
  expect(requestId: string, businessId: string): void {
    remember(this.#requests, requestId, { businessId, purpose: null, customers: new Set<string>() });
  }

  /** @returns why the command must not leave; null when it may */
  judge(command: Command): Breach | null {
    try {
      return this.#reasonAgainst(command);
    } catch {
      return `${command.name}: of a form that nobody can judge`;
    }
  }

  #reasonAgainst(command: Command): Breach | null {
    const { name, body } = command;
    if (HARMLESS.has(name)) return null;
    if (name === 'getMore') return this.#isOpen(body['getMore']) ? null : 'getMore of a cursor nobody opened';
    if (name === 'killCursors') return this.#killing(body);
    if (name === 'explain') return this.#explaining(body);
    const touches = touchesOf(command);
    if (touches === null) return `${name}: no command that is known to be scoped`;
    const request = this.#requestOf(body['comment']);
    const shapes = [...new Set(touches.map(shapeOf))].join(' + ');
    if (request === null) return `${shapes}: no comment says whose it is`;
    const newcomers = newcomersIn(touches, request);
    for (const touch of touches) {
      const reason = reasonAgainst(touch, request, newcomers);
      if (reason !== null) return `${shapes}: ${reason}`;
    }
    for (const id of newcomers) request.customers.add(id);
    return null;
  }

  /** Learns from the answer to a command that was let pass: cursors, and the customers of links. */
  hear({ name, body }: Command, answer: Fields): void {
    const { cursor } = answer;
    if (!isFields(cursor)) return;
    const comment = name === 'getMore' ? this.#cursors.get(String(body['getMore'])) : String(body['comment']);
    if (comment === undefined) return;
    if (String(cursor['id']) !== '0') remember(this.#cursors, String(cursor['id']), comment);
    const collection = name === 'getMore' ? body['collection'] : body[name];
    const request = collection === 'customer_link' ? this.#requestOf(comment) : null;
    // The stages of a system task may make ids up.
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
    return isOurs ? null : 'killCursors of a cursor nobody opened';
  }

  #explaining({ explain, comment }: Fields): Breach | null {
    if (!isFields(explain)) return 'explain of nothing';
    const inner = this.judge({ name: Object.keys(explain)[0] ?? '', body: { comment, ...explain } });
    return inner === null ? null : `explain of ${inner}`;
  }

  /** `<request>`, or `<purpose> <request>` of a system task. */
  #requestOf(comment: unknown): Request | null {
    if (typeof comment !== 'string') return null;
    const [first = '', second] = comment.split(' ');
    const requestId = second ?? first;
    return (
      this.#requests.get(requestId) ??
      remember(this.#requests, requestId, {
        businessId: null,
        purpose: second === undefined ? null : first,
        customers: new Set<string>(),
      })
    );
  }
}

/** Customers that come in together with a link of the request's own business. */
const newcomersIn = (touches: readonly Touch[], { businessId }: Request): ReadonlySet<string> => {
  const inserts = touches.filter(({ operation }) => operation === 'insert');
  const linked = inserts.filter(({ collection }) => collection === 'customer_link').map(({ start }) => start);
  // Of a request not known yet, the links themselves say whose it is, all the same.
  const own = businessId ?? idOf(linked[0]?.['businessId']);
  const ids = linked
    .filter((link) => idOf(link['businessId']) === own)
    .map((link) => idOf(link['customerId']));
  const customers = inserts
    .filter(({ collection }) => collection === 'customer')
    .map(({ start }) => idOf(start['_id']));
  return new Set(customers.filter((id): id is string => id !== null && ids.includes(id)));
};

const reasonAgainst = (touch: Touch, request: Request, newcomers: ReadonlySet<string>): string | null => {
  const { collection, operation, start } = touch;
  const mayTouch = (id: string | null) => id !== null && (request.customers.has(id) || newcomers.has(id));
  if (operation === 'update' && request.purpose === null && !staysPut(touch))
    return 'it changes whose a document is';
  if (!Object.values(touch.projection).every(isChosen))
    return 'its projection may make up what no document holds';
  if (request.purpose !== null) {
    const listed = Object.hasOwn(SYSTEM_SHAPES, request.purpose) ? SYSTEM_SHAPES[request.purpose] : undefined;
    if (listed?.includes(shapeOf(touch)) !== true) return `not in the list of ${request.purpose}`;
    if (collection !== 'customer') return null;
  }
  const owner = Object.hasOwn(WHOSE, collection) ? WHOSE[collection] : undefined;
  if (owner === undefined) return 'a collection of nobody';
  if (owner === 'existence') return asksForExistence(touch) ? null : 'more than whether one id is there';
  if (owner === 'its link') {
    if (operation === 'aggregate') return 'customers are only read by their ids';
    const ids = namedIds(start['_id']);
    return ids.length > 0 && ids.every(mayTouch) ? null : 'a customer that no link of this request led to';
  }
  const named = idOf(start[owner]);
  if (named === null) return 'it names no business';
  request.businessId ??= named;
  if (named !== request.businessId) return 'it names another business';
  if (!touch.stages.every((stage) => staysInside(stage, collection)))
    return 'a stage that leaves the business';
  if (operation === 'insert' && 'customerId' in start && !mayTouch(idOf(start['customerId'])))
    return 'it names a customer that no link of this request led to';
  return null;
};

const namedIds = (id: unknown): readonly (string | null)[] => {
  if (!isFields(id)) return [idOf(id)];
  const { $in: ids, ...more } = id;
  return Array.isArray(ids) && Object.keys(more).length === 0 ? ids.map(idOf) : [];
};

const asksForExistence = ({ operation, start, projection }: Touch): boolean =>
  operation === 'find' &&
  Object.keys(start).join() === '_id' &&
  idOf(start['_id']) !== null &&
  Object.keys(projection).join() === '_id';

const isChosen = (value: unknown): boolean => value === 0 || value === 1;

const STAYING: ReadonlySet<string> = new Set(['$set', '$unset', '$inc', '$min', '$max']);

const staysPut = ({ steps }: Touch): boolean =>
  steps.every((step) =>
    Object.entries(step).every(
      ([operator, change]) =>
        STAYING.has(operator) &&
        isFields(change) &&
        !Object.keys(change).some((field) => /^(_id|businessId|customerId)\b/.test(field)),
    ),
  );

const JOIN = JSON.stringify(['customer', 'customerId', '_id']);

const staysInside = (stage: Fields, collection: string): boolean => {
  const [[name, operand] = ['', null], ...more] = Object.entries(stage);
  if (more.length > 0) return false;
  if (['$match', '$sort', '$skip', '$limit'].includes(name)) return true;
  // The driver's own way to count.
  if (name === '$group') return Object.keys(operand).sort().join() === '_id,n';
  if (name === '$project') return Object.values(operand).every(isChosen);
  if (name !== '$lookup' || collection !== 'customer_link') return false;
  const { from, localField, foreignField, as, ...others } = operand;
  return (
    JSON.stringify([from, localField, foreignField]) === JOIN &&
    typeof as === 'string' &&
    Object.keys(others).length === 0
  );
};
