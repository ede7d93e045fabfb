import { Types } from 'mongoose';
import { type BusinessScope, type CallerScope, isScope, type Scope } from '#lib/domain/access/scope.ts';
import { collections } from '#lib/store/collections/collections.ts';
import { type Command, type Fields, isFields, isList, shapeOf, stageName } from './command.ts';
import { isLinked } from './linked-customers.ts';
import { SYSTEM_SHAPES } from './system-shapes.ts';

/** A command that was not sent, because its scope may not send it. Always a defect of this service. */
export class ScopeBreach extends Error {
  constructor(command: Command | string, reason: string) {
    super(`Not sent: ${typeof command === 'string' ? command : shapeOf(command)}: ${reason}.`);
    this.name = 'ScopeBreach';
  }
}

/** The ids of the customers that a command inserts together with their links. */
export type NewCustomers = ReadonlySet<string>;
const NONE: NewCustomers = new Set();

/**
 * Refuses a command that its scope may not send. A request of a business must name that business; a command of a system
 * task must be listed for its purpose; a refused caller may only update its own count. Customers are only reached by ids whose links the same attempt has read.
 * @throws ScopeBreach
 */
export const refuseUnscoped = (command: Command, scope: unknown, newCustomers: NewCustomers = NONE): void => {
  if (!isScope(scope)) throw new ScopeBreach(command, 'it has no scope');
  if (command.operation === 'find' && !onlySelectsFields(command.projection ?? {}))
    throw new ScopeBreach(command, 'its projection computes fields; it may only include or leave out fields');
  if (command.operation === 'update') refuseOwnerChange(command, command.change);
  refuseRewriting(command, scope);
  if (scope.kind === 'system') {
    const shape = shapeOf(command);
    if (!isListed(shape, scope.purpose))
      throw new ScopeBreach(shape, `not in the list of shapes for ${scope.purpose}`);
    if (command.collection === 'customer') refuseUnlinked(command, scope, newCustomers);
    return;
  }
  if (scope.kind === 'caller') {
    refuseOtherCaller(command, scope);
    return;
  }
  if (command.collection === 'customer') refuseUnlinked(command, scope, newCustomers);
  else refuseOtherBusiness(command, scope, newCustomers);
};

/**
 * The entries of some collections are only added. Only an erasure removes them, by their ids, and a task of the system if its
 * list says so.
 */
const refuseRewriting = (command: Command, scope: Scope): void => {
  if (collections[command.collection].isAppendOnly !== true) return;
  const isErasure =
    command.operation === 'delete' &&
    (scope.kind === 'system' ||
      (scope.kind === 'business' && scope.purpose === 'honour-privacy-rights' && namedIds(command) !== null));
  if (command.operation === 'update' || (command.operation === 'delete' && !isErasure))
    throw new ScopeBreach(command, 'the entries of this collection are only added');
};

const isListed = (shape: string, purpose: string): boolean =>
  Object.hasOwn(SYSTEM_SHAPES, purpose) && (SYSTEM_SHAPES[purpose]?.includes(shape) ?? false);

/** Reaches customers without their links: the ledger names them, and a restored copy may have lost the links. */
const KNOWS_IDS_FROM_THE_LEDGER = 'replay-erasures';

const refuseUnlinked = (command: Command, scope: Scope, newCustomers: NewCustomers): void => {
  const knowsIds = scope.kind === 'system' && scope.purpose === KNOWS_IDS_FROM_THE_LEDGER;
  const isReachable = (id: unknown): boolean =>
    isLinked(scope, id) || newCustomers.has(String(id)) || (knowsIds && id instanceof Types.ObjectId);
  const ids = namedIds(command);
  if (ids === null || !ids.every(isReachable))
    throw new ScopeBreach(command, 'it must name customers by _id, and their links must have been read');
};

const refuseOtherCaller = (command: Command, { actorId }: CallerScope): void => {
  const isOwn =
    collections[command.collection].owner === 'caller' &&
    command.operation === 'update' &&
    Object.keys(command.filter).join() === '_id' &&
    command.filter['_id'] === actorId;
  if (!isOwn) throw new ScopeBreach(command, 'a refused caller may only update its own count');
};

/** The ids that a command is limited to; null when it is not limited to ids. */
const namedIds = (command: Command): readonly unknown[] | null => {
  if (command.operation === 'insert') return [command.document['_id']];
  if (command.operation === 'aggregate') return null;
  const { _id: id } = command.filter;
  if (id instanceof Types.ObjectId) return [id];
  if (!isFields(id) || Object.keys(id).join() !== '$in') return null;
  const { $in: ids } = id;
  return isList(ids) ? ids : null;
};

const refuseOtherBusiness = (command: Command, scope: BusinessScope, newCustomers: NewCustomers): void => {
  const owner = collections[command.collection].owner;
  if (owner === 'existence' && !('businessId' in startOf(command))) {
    refuseMoreThanExistence(command);
    return;
  }
  if (owner !== 'businessId' && owner !== '_id' && owner !== 'existence')
    throw new ScopeBreach(command, 'requests of a business may not use this collection');
  const start = startOf(command);
  const named = start[owner === 'existence' ? 'businessId' : owner];
  if (!(named instanceof Types.ObjectId && named.toHexString() === scope.businessId))
    throw new ScopeBreach(command, `its ${owner} is not the business of the request`);
  if (command.operation === 'aggregate') refuseStages(command, command.pipeline);
  if (command.operation === 'insert') refuseOtherCustomer(command, scope, newCustomers);
};

/** The part that limits a command from the start: its filter, its document or its first `$match`. */
const startOf = (command: Command): Fields => {
  if (command.operation === 'insert') return command.document;
  if (command.operation !== 'aggregate') return command.filter;
  const match = command.pipeline[0]?.['$match'];
  return isFields(match) ? match : {};
};

/** A link to a customer of another business would give access to it, and an erasure record would take its id. */
const refuseOtherCustomer = (
  command: Command & { operation: 'insert' },
  scope: BusinessScope,
  newCustomers: NewCustomers,
): void => {
  const isNamedById = collections[command.collection].person?.foundBy === '_id';
  const customerId: unknown = command.document[isNamedById ? '_id' : 'customerId'];
  const isReachable = isLinked(scope, customerId) || newCustomers.has(String(customerId));
  if (customerId !== undefined && !isReachable)
    throw new ScopeBreach(command, 'its customer is not new, and its link has not been read');
};

const refuseMoreThanExistence = (command: Command): void => {
  const ids = namedIds(command) ?? [];
  const asksForIds =
    command.operation === 'find' &&
    Object.keys(command.filter).join() === '_id' &&
    ids.length > 0 &&
    ids.every((id) => id instanceof Types.ObjectId) &&
    Object.keys(command.projection ?? {}).join() === '_id';
  if (!asksForIds)
    throw new ScopeBreach(
      command,
      'requests of a business may only ask here which of the ids they name exist',
    );
};

const OWNER_FIELDS: readonly string[] = ['_id', 'businessId', 'customerId'];
const UPDATE_OPERATORS: readonly string[] = [
  '$set',
  '$setOnInsert',
  '$unset',
  '$inc',
  '$min',
  '$max',
  '$addToSet',
];

/** An update must not move a document to another business or customer. */
const refuseOwnerChange = (command: Command, change: readonly Fields[]): void => {
  for (const [operator, fields] of change.flatMap((step) => Object.entries(step))) {
    const changesOwner = !isFields(fields) || Object.keys(fields).some((name) => OWNER_FIELDS.includes(name));
    if (changesOwner || !UPDATE_OPERATORS.includes(operator))
      throw new ScopeBreach(command, `it may change the owner: ${OWNER_FIELDS.join(', ')}`);
  }
};

/** Stages that return documents unchanged. The stages after them still get only documents of the business. */
const UNCHANGING_STAGES = new Set(['$match', '$sort', '$skip', '$limit']);

const refuseStages = (command: Command, pipeline: readonly Fields[]): void => {
  for (const stage of pipeline) {
    const name = stageName(stage);
    const operand = stage[name];
    const isAllowed =
      UNCHANGING_STAGES.has(name) ||
      (name === '$project' && (onlySelectsFields(operand) || isClock(operand))) ||
      (name === '$group' && isCount(operand)) ||
      (name === '$lookup' && command.collection === 'customer_link' && isCustomerLookup(operand));
    if (!isAllowed)
      throw new ScopeBreach(command, `its stage ${name} could read more than documents of the business`);
  }
};

/** Whether a projection only includes or leaves out fields. A computed field could hold the value of another one. */
const onlySelectsFields = (operand: unknown): boolean =>
  isFields(operand) && Object.values(operand).every((value) => value === 0 || value === 1);

/** Whether a projection reads the clock of the database and no field. */
const isClock = (operand: unknown): boolean =>
  isFields(operand) &&
  Object.keys(operand).join() === '_id,now' &&
  operand['_id'] === 0 &&
  operand['now'] === '$$NOW';

/** Whether a group stage returns only the number of documents per group. The driver's own count sends such a stage. */
const isCount = (operand: unknown): boolean =>
  isFields(operand) &&
  Object.keys(operand).join() === '_id,n' &&
  isSum(operand['n']) &&
  isGroupKey(operand['_id']);

const isSum = (operand: unknown): boolean =>
  isFields(operand) && Object.keys(operand).join() === '$sum' && operand['$sum'] === 1;

/** Operators allowed in the key of a group. Each reads only its own document. */
const GROUP_KEY_OPERATORS = new Set(['$divide', '$floor', '$substrBytes', '$toDouble', '$trim']);

const isGroupKey = (operand: unknown): boolean => {
  if (isList(operand)) return operand.every(isGroupKey);
  if (!isFields(operand)) return typeof operand === 'number' || isFieldPath(operand);
  return Object.entries(operand).every(
    ([name, part]) => (GROUP_KEY_OPERATORS.has(name) || !name.startsWith('$')) && isGroupKey(part),
  );
};

/** Whether an operand is a field, like `$state`. With two dollar signs it would be a variable. */
const isFieldPath = (operand: unknown): boolean => typeof operand === 'string' && /^\$\w+$/.test(operand);

/** Whether an operand is the only allowed join: from a link of the business to its customer. */
const isCustomerLookup = (operand: unknown): boolean =>
  isFields(operand) &&
  Object.keys(operand).length === 4 &&
  'as' in operand &&
  operand['from'] === 'customer' &&
  operand['localField'] === 'customerId' &&
  operand['foreignField'] === '_id';
