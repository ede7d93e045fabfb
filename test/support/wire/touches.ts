import { type Command, type Fields, isFields } from './message.ts';

/** One thing that a command does to one collection. */
export type Touch = Readonly<{
  operation: 'find' | 'aggregate' | 'insert' | 'update' | 'delete';
  collection: string;
  /** What limits it: the first `$match` of an aggregation, the document itself of an insert. */
  start: Fields;
  /** The stages of an aggregation after the first `$match`. */
  stages: readonly Fields[];
  /** What an update sets, step by step. */
  steps: readonly Fields[];
  projection: Fields;
}>;

const touch = (operation: Touch['operation'], collection: unknown, more: Partial<Touch>): Touch => ({
  operation,
  collection: String(collection),
  start: {},
  stages: [],
  steps: [],
  projection: {},
  ...more,
});
const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const list = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fields) : [fields(value)];

const pipelineTouch = (collection: unknown, pipeline: unknown): Touch => {
  const [first = {}, ...rest] = list(pipeline ?? []);
  const starts = Object.keys(first).join() === '$match';
  return touch('aggregate', collection, {
    start: starts ? fields(first['$match']) : {},
    stages: starts ? rest : list(pipeline ?? []),
  });
};

const bulkTouch = (operation: Fields, namespaces: readonly Fields[]): Touch => {
  const [kind = ''] = Object.keys(operation);
  const collection = String(namespaces[Number(operation[kind])]?.['ns']).replace(/^[^.]*\./, '');
  const { document, filter, updateMods } = operation;
  if (kind === 'insert') return touch('insert', collection, { start: fields(document) });
  if (kind === 'delete') return touch('delete', collection, { start: fields(filter) });
  return touch('update', collection, { start: fields(filter), steps: list(updateMods) });
};

type Reader = (body: Fields, collection: unknown) => readonly Touch[];

/** The complete table of commands that touch documents. A command that is neither here nor harmless is refused. */
const READERS: Readonly<Record<string, Reader>> = {
  find: ({ filter, projection }, collection) => [
    touch('find', collection, { start: fields(filter), projection: fields(projection) }),
  ],
  count: ({ query }, collection) => [touch('find', collection, { start: fields(query) })],
  distinct: ({ query }, collection) => [touch('find', collection, { start: fields(query) })],
  aggregate: ({ pipeline }, collection) => [pipelineTouch(collection, pipeline)],
  insert: ({ documents }, collection) =>
    list(documents).map((document) => touch('insert', collection, { start: document })),
  update: ({ updates }, collection) =>
    list(updates).map(({ q, u }) => touch('update', collection, { start: fields(q), steps: list(u) })),
  delete: ({ deletes }, collection) =>
    list(deletes).map(({ q }) => touch('delete', collection, { start: fields(q) })),
  findAndModify: ({ query, remove, update }, collection) => [
    remove === true
      ? touch('delete', collection, { start: fields(query) })
      : touch('update', collection, { start: fields(query), steps: list(update) }),
  ],
  bulkWrite: ({ ops, nsInfo }) => list(ops).map((operation) => bulkTouch(operation, list(nsInfo))),
};

/** What a command does, collection by collection; null for a command that is not in the table. */
export const touchesOf = ({ name, body }: Command): readonly Touch[] | null =>
  Object.hasOwn(READERS, name) ? READERS[name]!(body, body[name]) : null;

const namesIn = (filter: Fields): string =>
  Object.entries(filter)
    .map(([name, value]) =>
      name.startsWith('$') && Array.isArray(value)
        ? `${name}(${value.map(fields).map(namesIn).join(', ')})`
        : name,
    )
    .sort()
    .join(', ');

const stageShape = (stage: Fields): string => {
  const name = Object.keys(stage).join('+');
  return name === '$lookup' ? `$lookup(${String(stage['$lookup'].from)})` : name;
};

/** What a command does, without values, in the words in which the store lists what system tasks may send. */
export const shapeOf = ({ operation, collection, start, stages }: Touch): string => {
  if (operation === 'insert') return `insert ${collection}`;
  const names = namesIn(start);
  const by = names === '' ? '' : ` by ${names}`;
  return `${operation} ${collection}${by}${operation === 'aggregate' ? `: ${stages.map(stageShape).join(' ')}` : ''}`;
};
