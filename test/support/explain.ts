type Fields = Readonly<Record<string, unknown>>;

/** What a test needs to know about a query's plan, from any engine. */
export type QueryPlan = {
  /** Names of the indexes that the query walks. */
  readonly indexes: readonly string[];
  readonly sortsInMemory: boolean;
  /** True if it reads the whole collection, or all of an index where another index would have read less. */
  readonly scansCollection: boolean;
  /** True if it reads documents and not only index entries. */
  readonly opensDocuments: boolean;
  /** Index entries read; absent when the query was only planned. */
  readonly keysExamined?: number;
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldsAt = (fields: Fields, name: string): Fields => {
  const value = fields[name];
  return isFields(value) ? value : {};
};

const listAt = (fields: Fields, name: string): Fields[] => {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isFields) : [];
};

const textAt = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

const unique = (names: readonly string[]): string[] => [...new Set(names.filter((name) => name !== ''))];

const examined = (stats: Fields): { keysExamined?: number } => {
  const count = stats['totalKeysExamined'];
  return count === undefined ? {} : { keysExamined: Number(count) };
};

// PostgreSQL can walk a whole collection by its primary key. The condition then has only the collection's own number.
const walksAll = (step: Fields): boolean =>
  /Seq Scan|Bitmap/.test(textAt(step, 'node')) ||
  (step['index'] === '_id_' && !textAt(step, 'indexCondition').includes('object_id'));

const readDocumentDb = (answer: Fields): QueryPlan => {
  const steps = listAt(fieldsAt(answer, 'queryPlanner'), 'steps');
  return {
    indexes: unique(steps.filter((step) => !walksAll(step)).map((step) => textAt(step, 'index'))),
    sortsInMemory: steps.some((step) => textAt(step, 'node').includes('Sort')),
    scansCollection: steps.some(walksAll),
    opensDocuments: steps.some((step) => /^(Index|Seq|Bitmap Heap) Scan$/.test(textAt(step, 'node'))),
    ...examined(fieldsAt(answer, 'executionStats')),
  };
};

/** Every object in a plan, from the top, without rejected plans and measurements. */
const nodesIn = (value: unknown): Fields[] => {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (!isFields(value)) return [];
  const parts = Object.entries(value).filter(([name]) => !['rejectedPlans', 'executionStats'].includes(name));
  return [value, ...parts.flatMap(([, part]) => nodesIn(part))];
};

const indexesOf = (node: Fields): string[] => {
  const { indexesUsed } = node;
  if (node['stage'] === 'IDHACK' || textAt(node, 'stage').includes('CLUSTERED')) return ['_id_'];
  return [textAt(node, 'indexName'), ...(Array.isArray(indexesUsed) ? indexesUsed.map(String) : [])];
};

const readMongod = (answer: Fields): QueryPlan => {
  const stages = listAt(answer, 'stages');
  const cursor = stages[0] ? fieldsAt(stages[0], '$cursor') : {};
  const nodes = nodesIn([answer['queryPlanner'], stages]);
  const collectionScans = nodes.some((node) => Number(node['collectionScans'] ?? 0) > 0);
  return {
    indexes: unique(nodes.flatMap(indexesOf)),
    sortsInMemory: nodes.some((node) => node['stage'] === 'SORT' || '$sort' in node),
    scansCollection: collectionScans || nodes.some((node) => node['stage'] === 'COLLSCAN'),
    opensDocuments: nodes.some((node) =>
      /FETCH|COLLSCAN|IDHACK|EXPRESS|CLUSTERED/.test(textAt(node, 'stage')),
    ),
    ...examined({ ...fieldsAt(cursor, 'executionStats'), ...fieldsAt(answer, 'executionStats') }),
  };
};

/** Reads the answer of the `explain` command, from mongod or the embedded engine. */
export const readPlan = (answer: Fields): QueryPlan =>
  fieldsAt(answer, 'queryPlanner')['engine'] === 'documentdb' ? readDocumentDb(answer) : readMongod(answer);
