import { SYSTEM_SHAPES } from '#lib/store/isolation/system-shapes.ts';
import { type Fields, idOf, isFields } from './message.ts';
import { shapeOf, type Touch } from './touches.ts';

/** What one request is known for: whose it is, and which customers its links led to. */
export type Request = { businessId: string | null; purpose: string | null; readonly customers: Set<string> };

/** By what a document says whose it is; `its link` is a customer, `existence` may only be asked for by ids. */
const WHOSE: Readonly<Record<string, 'businessId' | '_id' | 'its link' | 'existence'>> = {
  customer: 'its link',
  customer_link: 'businessId',
  customer_audit: 'businessId',
  outbox: 'businessId',
  idempotency: 'businessId',
  tombstone: 'businessId',
  business_settings: '_id',
  merge: 'businessId',
  rate_limit: '_id',
  erasure: 'existence',
};

/** Customers that come in together with a link of the request's own business. */
export const newcomersIn = (touches: readonly Touch[], { businessId }: Request): ReadonlySet<string> => {
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

/** @returns why a request must not do this; null when it may */
export const reasonAgainst = (
  touch: Touch,
  request: Request,
  newcomers: ReadonlySet<string>,
): string | null => {
  const { collection, operation, start } = touch;
  const mayTouch = (id: string | null) => id !== null && (request.customers.has(id) || newcomers.has(id));
  if (operation === 'update' && !staysPut(touch)) return 'it changes whose a document is';
  if (!Object.values(touch.projection).every(isChosen))
    return 'its projection may make up what no document holds';
  if (request.purpose !== null) {
    const listed = Object.hasOwn(SYSTEM_SHAPES, request.purpose) ? SYSTEM_SHAPES[request.purpose] : undefined;
    if (listed?.includes(shapeOf(touch)) !== true) return `not in the list of ${request.purpose}`;
    if (collection !== 'customer') return null;
  }
  const owner = Object.hasOwn(WHOSE, collection) ? WHOSE[collection] : undefined;
  if (owner === undefined) return 'a collection of nobody';
  if (owner === 'existence') return asksForExistence(touch) ? null : 'more than whether ids are there';
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

const STAYING: ReadonlySet<string> = new Set(['$set', '$setOnInsert', '$unset', '$inc', '$min', '$max']);

const staysPut = ({ steps }: Touch): boolean =>
  steps.every((step) =>
    Object.entries(step).every(
      ([operator, change]) =>
        STAYING.has(operator) &&
        isFields(change) &&
        !Object.keys(change).some((field) => /^(_id|businessId|customerId)\b/.test(field)),
    ),
  );

/** Of a group only how many are in it: by constants, fields, and the day in the name of a key. */
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

const staysInside = (stage: Fields, collection: string): boolean => {
  const [[name, operand] = ['', null], ...more] = Object.entries(stage);
  if (more.length > 0) return false;
  if (['$match', '$sort', '$skip', '$limit'].includes(name)) return true;
  if (name === '$group') return countsOnly(operand);
  if (name === '$project') return Object.values(operand).every(isChosen);
  if (name !== '$lookup' || collection !== 'customer_link') return false;
  const { from, localField, foreignField, as, ...others } = operand;
  return (
    JSON.stringify([from, localField, foreignField]) === JOIN &&
    typeof as === 'string' &&
    Object.keys(others).length === 0
  );
};
