import { SYSTEM_SHAPES } from '#lib/store/isolation/system-shapes.ts';
import { type Fields, idOf, isFields } from './message.ts';
import { shapeOf, type Touch } from './touches.ts';

/** What is known about one request: its business or purpose, its caller, and the customers that its links led to. */
export type Request = {
  businessId: string | null;
  /** The subject of the caller's token; empty if it has none. */
  subject: string | null;
  purpose: string | null;
  readonly customers: Set<string>;
};

/**
 * The field that says whose a document is. Customers have `its link`; `existence` is `businessId`, and allows to
 * read ids, by ids only; `the
 * caller` allows to count for the caller's own subject, whatever business the request names.
 */
const WHOSE: Readonly<Record<string, 'businessId' | '_id' | 'its link' | 'existence' | 'the caller'>> = {
  customer: 'its link',
  customer_link: 'businessId',
  customer_audit: 'businessId',
  outbox: 'businessId',
  idempotency: 'businessId',
  tombstone: 'businessId',
  business_settings: '_id',
  merge: 'businessId',
  consent: 'businessId',
  suppression: 'businessId',
  segment: 'businessId',
  archive: 'businessId',
  activity: 'businessId',
  activity_source: 'businessId',
  rate_limit: '_id',
  refusal_budget: 'the caller',
  erasure: 'existence',
};

/** Each document has the id of a customer. */
const CUSTOMERS_BY_ID: ReadonlySet<string> = new Set(['merge', 'erasure', 'tombstone', 'archive']);

/** Their documents are only added. A sweep deletes them, by their ids. */
const APPEND_ONLY: ReadonlySet<string> = new Set(['consent']);

/** Erases customers by the ids of the ledger, also those whose links are gone. */
const FROM_THE_LEDGER = 'replay-erasures';

/** Customers that are inserted together with a link of the request's own business. */
export const newcomersIn = (touches: readonly Touch[], { businessId }: Request): ReadonlySet<string> => {
  const inserts = touches.filter(({ operation }) => operation === 'insert');
  const linked = inserts.filter(({ collection }) => collection === 'customer_link').map(({ start }) => start);
  // For a request that is not known yet, the links themselves show the business.
  const own = businessId ?? idOf(linked[0]?.['businessId']);
  const ids = linked
    .filter((link) => idOf(link['businessId']) === own)
    .map((link) => idOf(link['customerId']));
  const customers = inserts
    .filter(({ collection }) => collection === 'customer')
    .map(({ start }) => idOf(start['_id']));
  return new Set(customers.filter((id): id is string => id !== null && ids.includes(id)));
};

/** @returns why a request must not do this; null if it may */
export const reasonAgainst = (
  touch: Touch,
  request: Request,
  newcomers: ReadonlySet<string>,
): string | null => {
  const { collection, operation, start } = touch;
  const mayTouch = (id: string | null) =>
    id !== null && (request.customers.has(id) || newcomers.has(id) || request.purpose === FROM_THE_LEDGER);
  if (operation === 'update' && !staysPut(touch)) return 'it changes whose a document is';
  if (APPEND_ONLY.has(collection) && (operation === 'update' || (operation === 'delete' && !isSweep(touch))))
    return 'it changes what is only added to';
  if (!Object.values(touch.projection).every(isChosen))
    return 'its projection may produce values that no document holds';
  if (request.purpose !== null) {
    const listed = Object.hasOwn(SYSTEM_SHAPES, request.purpose) ? SYSTEM_SHAPES[request.purpose] : undefined;
    if (listed?.includes(shapeOf(touch)) !== true) return `not in the list of ${request.purpose}`;
    if (collection !== 'customer') return null;
  }
  const owner = Object.hasOwn(WHOSE, collection) ? WHOSE[collection] : undefined;
  if (owner === undefined) return 'a collection without an owner';
  if (owner === 'existence' && !('businessId' in start))
    return asksForExistence(touch) ? null : 'more than whether ids are there';
  if (owner === 'the caller') return countsForItself(touch, request) ? null : 'it counts for another caller';
  if (owner === 'its link') {
    if (operation === 'aggregate') return 'customers are only read by their ids';
    const ids = namedIds(start['_id']);
    return ids.length > 0 && ids.every(mayTouch) ? null : 'a customer that no link of this request led to';
  }
  const named = idOf(start[owner === 'existence' ? 'businessId' : owner]);
  if (named === null) return 'it names no business';
  request.businessId ??= named;
  if (named !== request.businessId) return 'it names another business';
  if (!touch.stages.every((stage) => staysInside(stage, collection)))
    return 'a stage that leaves the business';
  const customer = CUSTOMERS_BY_ID.has(collection) ? start['_id'] : start['customerId'];
  if (operation === 'insert' && customer !== undefined && !mayTouch(idOf(customer)))
    return 'it names a customer that no link of this request led to';
  return null;
};

/** So the counts of links begin. The use of one counts for itself and for all links; no subject of a token can begin so. */
const LINKS = 'link:';

const countsForItself = ({ operation, start }: Touch, request: Request): boolean => {
  const { _id: subject, ...more } = start;
  if (operation !== 'update' || typeof subject !== 'string' || Object.keys(more).length > 0) return false;
  const counted = subject.startsWith(LINKS) ? LINKS : subject;
  request.subject ??= counted;
  return counted === request.subject;
};

const namedIds = (id: unknown): readonly (string | null)[] => {
  if (!isFields(id)) return [idOf(id)];
  const { $in: ids, ...more } = id;
  return Array.isArray(ids) && Object.keys(more).length === 0 ? ids.map(idOf) : [];
};

const isSweep = ({ start }: Touch): boolean => {
  const ids = namedIds(start['_id']);
  return Object.keys(start).sort().join() === '_id,businessId' && ids.length > 0 && !ids.includes(null);
};

const asksForExistence = ({ operation, start, projection }: Touch): boolean => {
  const ids = namedIds(start['_id']);
  return (
    operation === 'find' &&
    Object.keys(start).join() === '_id' &&
    ids.length > 0 &&
    !ids.includes(null) &&
    Object.keys(projection).join() === '_id'
  );
};

const isChosen = (value: unknown): boolean => value === 0 || value === 1;

const STAYING: ReadonlySet<string> = new Set([
  '$set',
  '$setOnInsert',
  '$unset',
  '$inc',
  '$min',
  '$max',
  '$addToSet',
]);

const staysPut = ({ steps }: Touch): boolean =>
  steps.every((step) =>
    Object.entries(step).every(
      ([operator, change]) =>
        STAYING.has(operator) &&
        isFields(change) &&
        !Object.keys(change).some((field) => /^(_id|businessId|customerId)\b/.test(field)),
    ),
  );

/** A group may only count, by constants, fields, and the day in the name of a key. */
const countsOnly = ({ _id: by, n, ...more }: Fields): boolean =>
  JSON.stringify(n) === '{"$sum":1}' && Object.keys(more).length === 0 && isOwn(by);

const isOwn = (by: unknown): boolean =>
  by === 1 ||
  /^\$\w+$/.test(String(by)) ||
  (isFields(by) &&
    (JSON.stringify(by) === DAY || Object.entries(by).every(([name, path]) => isNamed(name, path))));

const isNamed = (name: string, path: unknown): boolean =>
  !name.startsWith('$') && /^\$\w+$/.test(String(path));

const DAY =
  '{"$floor":{"$divide":[{"$toDouble":{"$trim":{"input":{"$substrBytes":["$createdKey",0,13]}}}},86400000]}}';

const JOIN = JSON.stringify(['customer', 'customerId', '_id']);

const readsClock = (operand: Fields): boolean => JSON.stringify(operand) === '{"_id":0,"now":"$$NOW"}';

const staysInside = (stage: Fields, collection: string): boolean => {
  const [[name, operand] = ['', null], ...more] = Object.entries(stage);
  if (more.length > 0) return false;
  if (['$match', '$sort', '$skip', '$limit'].includes(name)) return true;
  if (name === '$group') return countsOnly(operand);
  if (name === '$project') return Object.values(operand).every(isChosen) || readsClock(operand);
  if (name !== '$lookup' || collection !== 'customer_link') return false;
  const { from, localField, foreignField, as, ...others } = operand;
  return (
    JSON.stringify([from, localField, foreignField]) === JOIN &&
    typeof as === 'string' &&
    Object.keys(others).length === 0
  );
};
