import { Types } from 'mongoose';
import { type BusinessScope, isScope, type Scope } from '#lib/domain/actor.ts';
import { type Command, type Fields, isFields, isList, shapeOf, stageName } from './command.ts';
import { isProven } from './link-proof.ts';
import { OWNERS } from './owners.ts';
import { SYSTEM_SHAPES } from './system-shapes.ts';

/** A command that would have left its business. Always a defect of ours, and nothing was sent. */
export class ScopeBreach extends Error {
  constructor(command: Command | string, reason: string) {
    super(`Not sent: ${typeof command === 'string' ? command : shapeOf(command)}: ${reason}.`);
    this.name = 'ScopeBreach';
  }
}

/** The customers that a request is about to insert, each together with its link. */
export type Newcomers = ReadonlySet<string>;
const NOBODY: Newcomers = new Set();

/**
 * Lets a command pass only if the scope may send it: one of a business by naming that business, one of the system by
 * being listed for its purpose; and customers by ids that a link read of this attempt gave.
 * @throws ScopeBreach
 */
export const refuseUnscoped = (command: Command, scope: unknown, newcomers: Newcomers = NOBODY): void => {
  if (!isScope(scope)) throw new ScopeBreach(command, 'no scope says whose command it is');
  if (command.operation === 'find' && !isChoice(command.projection ?? {}))
    throw new ScopeBreach(command, 'its projection may make up what no document holds');
  if (command.operation === 'update') refuseMove(command, command.change);
  if (scope.kind === 'system') {
    const shape = shapeOf(command);
    if (!isListed(shape, scope.purpose))
      throw new ScopeBreach(shape, `not in the list of shapes for ${scope.purpose}`);
    if (command.collection === 'customer') refuseUnproven(command, scope, newcomers);
    return;
  }
  if (command.collection === 'customer') refuseUnproven(command, scope, newcomers);
  else refuseForeign(command, scope, newcomers);
};

const isListed = (shape: string, purpose: string): boolean =>
  Object.hasOwn(SYSTEM_SHAPES, purpose) && (SYSTEM_SHAPES[purpose]?.includes(shape) ?? false);

const refuseUnproven = (command: Command, scope: Scope, newcomers: Newcomers): void => {
  const isHere = (id: unknown): boolean => isProven(scope, id) || newcomers.has(String(id));
  const ids = namedIds(command);
  if (ids === null || !ids.every(isHere))
    throw new ScopeBreach(command, 'no link read by this request leads to every customer it names');
};

/** The ids that a command on customers is bound to; null when it is bound to none. */
const namedIds = (command: Command): readonly unknown[] | null => {
  if (command.operation === 'insert') return [command.document['_id']];
  if (command.operation === 'aggregate') return null;
  const { _id: id } = command.filter;
  if (id instanceof Types.ObjectId) return [id];
  if (!isFields(id) || Object.keys(id).join() !== '$in') return null;
  const { $in: ids } = id;
  return isList(ids) ? ids : null;
};

const refuseForeign = (command: Command, scope: BusinessScope, newcomers: Newcomers): void => {
  const owner = OWNERS[command.collection];
  if (owner === 'existence') {
    refuseMoreThanExistence(command);
    return;
  }
  if (owner !== 'businessId' && owner !== '_id')
    throw new ScopeBreach(command, 'no business may send anything there');
  const start = startOf(command);
  const named = start[owner];
  if (!(named instanceof Types.ObjectId && named.toHexString() === scope.businessId))
    throw new ScopeBreach(command, `its ${owner} is not the business of the request`);
  if (command.operation === 'aggregate') refuseStages(command, command.pipeline);
  if (command.operation === 'insert' && 'customerId' in start) refuseStranger(command, scope, newcomers);
};

/** What binds a command from the start: its filter, its document, its first `$match`. */
const startOf = (command: Command): Fields => {
  if (command.operation === 'insert') return command.document;
  if (command.operation !== 'aggregate') return command.filter;
  const match = command.pipeline[0]?.['$match'];
  return isFields(match) ? match : {};
};

/** A link to somebody else's customer would be a key to it. */
const refuseStranger = (
  command: Command & { operation: 'insert' },
  scope: BusinessScope,
  newcomers: Newcomers,
): void => {
  const { customerId } = command.document;
  if (!isProven(scope, customerId) && !newcomers.has(String(customerId)))
    throw new ScopeBreach(command, 'its customer is neither new nor read through a link of the business');
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
    throw new ScopeBreach(command, 'a business may only ask which of the ids it names are there');
};

const WHOSE: readonly string[] = ['_id', 'businessId', 'customerId'];
const OPERATORS: readonly string[] = ['$set', '$setOnInsert', '$unset', '$inc', '$min', '$max'];

/** No update hands a document to another business or points it at another customer. */
const refuseMove = (command: Command, change: readonly Fields[]): void => {
  for (const [operator, fields] of change.flatMap((step) => Object.entries(step))) {
    const isMove = !isFields(fields) || Object.keys(fields).some((name) => WHOSE.includes(name));
    if (isMove || !OPERATORS.includes(operator))
      throw new ScopeBreach(command, 'an update may not change whose a document is');
  }
};

/** Stages that pass documents on as they are, so that what follows still stands on the business's own. */
const PASSING = new Set(['$match', '$sort', '$skip', '$limit']);

const refuseStages = (command: Command, pipeline: readonly Fields[]): void => {
  for (const stage of pipeline) {
    const name = stageName(stage);
    const operand = stage[name];
    const isFine =
      PASSING.has(name) ||
      (name === '$project' && isChoice(operand)) ||
      (name === '$group' && isCount(operand)) ||
      (name === '$lookup' && command.collection === 'customer_link' && isCustomerLookup(operand));
    if (!isFine) throw new ScopeBreach(command, `the stage ${name} is not one that stays with the business`);
  }
};

/** A projection that only chooses among fields: none gets another's value. */
const isChoice = (operand: unknown): boolean =>
  isFields(operand) && Object.values(operand).every((value) => value === 0 || value === 1);

/** A number for each group, and nothing else of the documents in it. The driver itself counts so, in one group. */
const isCount = (operand: unknown): boolean =>
  isFields(operand) &&
  Object.keys(operand).join() === '_id,n' &&
  isSum(operand['n']) &&
  isGroupKey(operand['_id']);

const isSum = (operand: unknown): boolean =>
  isFields(operand) && Object.keys(operand).join() === '$sum' && operand['$sum'] === 1;

/** How a group may be made of the fields of its documents: of these, each sees its own document only. */
const GROUPING = new Set(['$divide', '$floor', '$substrBytes', '$toDouble', '$trim']);

const isGroupKey = (operand: unknown): boolean => {
  if (isList(operand)) return operand.every(isGroupKey);
  if (!isFields(operand)) return typeof operand === 'number' || isFieldPath(operand);
  return Object.entries(operand).every(
    ([name, part]) => (GROUPING.has(name) || !name.startsWith('$')) && isGroupKey(part),
  );
};

/** `$state`; with two signs it would be a variable, as the whole document. */
const isFieldPath = (operand: unknown): boolean => typeof operand === 'string' && /^\$\w+$/.test(operand);

/** The one join: from a link of the business to the customer it names. */
const isCustomerLookup = (operand: unknown): boolean =>
  isFields(operand) &&
  Object.keys(operand).length === 4 &&
  'as' in operand &&
  operand['from'] === 'customer' &&
  operand['localField'] === 'customerId' &&
  operand['foreignField'] === '_id';
