import type { Statement } from '../../postgres/connections.ts';
import { documentsOf, isDocument, numberOf, textOf, writeDocument } from '../../wire/bson-document.ts';
import type { BsonDocument } from '../../wire/bson-document.ts';
import type { Answer, Engine } from '../engine.ts';
import { CommandError, codes } from '../errors.ts';
import type { Request } from '../request.ts';

/** A query to explain: the engine's planning function, and the command for it. */
type Planned = {
  readonly planner: 'find' | 'pipeline' | 'count' | 'distinct';
  readonly command: BsonDocument;
};

const statementFor = (planner: Planned['planner'], runs: boolean): Statement => ({
  name: `explain_${planner}_${runs ? 'run' : 'plan'}`,
  text: `explain (format json, verbose, costs off, analyze ${runs}, timing off, buffers off, summary ${runs})
         select document from documentdb_api_catalog.bson_aggregation_${planner}($1, $2::bytea::documentdb_core.bson)`,
});

const firstOf = (command: BsonDocument, list: string): BsonDocument => documentsOf(command[list])[0] ?? {};

// A write finds its documents as a query does. The change itself has no plan.
const asFind = (collection: unknown, { q: filter = {}, hint }: BsonDocument): Planned => ({
  planner: 'find',
  command: { find: collection, filter, ...(hint === undefined ? {} : { hint }) },
});

const planned = (command: BsonDocument): Planned => {
  const [name = ''] = Object.keys(command);
  switch (name) {
    case 'find':
    case 'count':
    case 'distinct':
      return { planner: name, command };
    case 'aggregate':
      return { planner: 'pipeline', command: { cursor: {}, ...command } };
    case 'update':
      return asFind(command['update'], firstOf(command, 'updates'));
    case 'delete':
      return asFind(command['delete'], firstOf(command, 'deletes'));
    case 'findAndModify':
      return asFind(command['findAndModify'], { q: command['query'], hint: command['hint'] });
    default:
      throw new CommandError(codes.commandNotFound, `Explain failed due to unknown command: ${name}`);
  }
};

const childrenOf = (node: BsonDocument): BsonDocument[] => documentsOf(node['Plans']);

const flattened = (node: BsonDocument): BsonDocument[] => [node, ...childrenOf(node).flatMap(flattened)];

const firstDetail = (node: BsonDocument): BsonDocument => documentsOf(node['IndexDetails'])[0] ?? {};

/** Index entries that a node read. The engine's own indexes count them; for the index on _id these are rows. */
const keysExaminedBy = (node: BsonDocument): number => {
  const counted = numberOf(firstDetail(node)['innerScanLoops']);
  if (counted !== undefined) return counted;
  if (node['Index Name'] !== '_id_') return 0;
  const rows = ['Actual Rows', 'Rows Removed by Filter', 'Rows Removed by Index Recheck'];
  return (
    rows.reduce((sum, name) => sum + (numberOf(node[name]) ?? 0), 0) * (numberOf(node['Actual Loops']) ?? 1)
  );
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** One step of the plan, short enough to assert on. */
const stepOf = (node: BsonDocument): BsonDocument => {
  const kept = {
    node: node['Node Type'],
    index: node['Index Name'],
    indexCondition: node['Index Cond'],
    orderBy: node['Order By'],
    filter: node['Filter'],
    sortKey: node['Sort Key'],
    rows: node['Actual Rows'],
    loops: node['Actual Loops'],
    removedByFilter: node['Rows Removed by Filter'],
    removedByRecheck: node['Rows Removed by Index Recheck'],
  };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
};

const planIn = (row: Readonly<Record<string, unknown>>): BsonDocument => {
  const [answer] = documentsOf(row['QUERY PLAN']);
  return isDocument(answer) ? answer : {};
};

/**
 * Explains a query. PostgreSQL's plans differ from MongoDB's, so the answer has a form of its own: `queryPlanner.steps`
 * lists the plan's nodes from the top, `queryPlanner.indexNames` the indexes used, `queryPlanner.plan` is PostgreSQL's
 * plan. test/support/explain.ts reads both this form and mongod's.
 */
export const explain = async (request: Request, engine: Engine): Promise<Answer> => {
  const inner = request.body['explain'];
  if (!isDocument(inner)) throw new CommandError(codes.failedToParse, 'explain needs a command');
  const { planner, command } = planned(inner);
  const runs = textOf(request.body['verbosity']) !== 'queryPlanner';
  const row = await engine.run(statementFor(planner, runs), [request.database, writeDocument(command)]);
  const answer = planIn(row);
  const plan = isDocument(answer['Plan']) ? answer['Plan'] : {};
  const nodes = flattened(plan);
  const indexNames = nodes.map((node) => textOf(node['Index Name'])).filter((name) => name !== undefined);
  return {
    queryPlanner: {
      engine: 'documentdb',
      indexNames: [...new Set(indexNames)],
      steps: nodes.map(stepOf),
      plan,
    },
    ...(runs
      ? {
          executionStats: {
            totalKeysExamined: sum(nodes.map(keysExaminedBy)),
            nReturned: numberOf(plan['Actual Rows']) ?? 0,
            executionTimeMillis: numberOf(answer['Execution Time']) ?? 0,
          },
        }
      : {}),
    command: inner,
    ok: 1,
  };
};
