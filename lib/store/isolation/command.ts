import type { CollectionName } from '#lib/store/collections/collections.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A command for the database, reduced to the parts that show which documents it touches. */
export type Command = Readonly<{ collection: CollectionName }> &
  (
    | Readonly<{ operation: 'find' | 'delete'; filter: Fields; projection?: Fields }>
    | Readonly<{ operation: 'update'; filter: Fields; change: readonly Fields[] }>
    | Readonly<{ operation: 'insert'; document: Fields }>
    | Readonly<{ operation: 'aggregate'; pipeline: readonly Fields[] }>
  );

/** Whether a value is a plain object, like a filter, a stage or an update. Ids, dates and bytes are not. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** The steps of an update. A step that is not a plain object becomes one that the guard always refuses. */
export const changeIn = (update: unknown): readonly Fields[] =>
  (isList(update) ? update : [update]).map((step) => (isFields(step) ? step : { unknown: step }));

/** The name of a pipeline's stage. For anything else, a name that is in no list of allowed stages. */
export const stageName = (stage: Fields): string => {
  const [name = '', ...more] = Object.keys(stage);
  return more.length === 0 ? name : 'unknown';
};

/** Describes a command without any of its values: `find customer_link by businessId, customerId`. */
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
