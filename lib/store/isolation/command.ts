import type { CollectionName } from '#lib/store/models/models.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** What is about to be sent to the database, as far as it says whose documents it touches. */
export type Command = Readonly<{ collection: CollectionName }> &
  (
    | Readonly<{ operation: 'find' | 'delete'; filter: Fields; projection?: Fields }>
    | Readonly<{ operation: 'update'; filter: Fields; change: readonly Fields[] }>
    | Readonly<{ operation: 'insert'; document: Fields }>
    | Readonly<{ operation: 'aggregate'; pipeline: readonly Fields[] }>
  );

/** A plain document, as filters, stages and updates are made of; ids, dates and bytes are values. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** What an update does, step by step; what is no plain document becomes a step that no rule lets pass. */
export const changeIn = (update: unknown): readonly Fields[] =>
  (isList(update) ? update : [update]).map((step) => (isFields(step) ? step : { unknown: step }));

/** The name of a pipeline's stage; of something else, a name that no list has. */
export const stageName = (stage: Fields): string => {
  const [name = '', ...more] = Object.keys(stage);
  return more.length === 0 ? name : 'unknown';
};

/** Names what a command is about, without a single value: `find customer_link by businessId, customerId`. */
export const shapeOf = (command: Command): string => {
  const { operation, collection } = command;
  if (command.operation === 'insert') return `insert ${collection}`;
  if (command.operation !== 'aggregate') return `${operation} ${collection}${byFields(command.filter)}`;
  const [first = {}, ...rest] = command.pipeline;
  const match = stageName(first) === '$match' && isFields(first['$match']) ? first['$match'] : null;
  const stages = (match === null ? command.pipeline : rest).map(stageShape);
  return `aggregate ${collection}${byFields(match ?? {})}: ${stages.join(' ')}`;
};

const byFields = (filter: Fields): string => {
  const fields = fieldsOf(filter);
  return fields === '' ? '' : ` by ${fields}`;
};

const fieldsOf = (filter: Fields): string =>
  Object.entries(filter)
    .map(([name, value]) => (isList(value) && name.startsWith('$') ? `${name}(${operandsOf(value)})` : name))
    .sort()
    .join(', ');

const operandsOf = (operands: readonly unknown[]): string =>
  operands.map((operand) => (isFields(operand) ? fieldsOf(operand) : 'unknown')).join(', ');

const stageShape = (stage: Fields): string => {
  const name = stageName(stage);
  const operand = stage[name];
  return name === '$lookup' && isFields(operand) ? `$lookup(${String(operand['from'])})` : name;
};
