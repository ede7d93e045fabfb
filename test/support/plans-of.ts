import type { Connection } from 'mongoose';
import { connect } from '#lib/store/database/connection.ts';
import { readPlan } from './explain.ts';
import type { Stored } from './stored.ts';

type Operation = { collectionName: string; method: string; params: any[] };

/** The reads that these steps send, as commands that can be explained. */
const readsOf = async (
  database: Connection,
  steps: () => Promise<unknown>,
): Promise<Record<string, unknown>[]> => {
  const operations: Operation[] = [];
  const hear = (operation: Operation) => operations.push(operation);
  database.on('operation-start', hear);
  try {
    await steps();
  } finally {
    database.off('operation-start', hear);
  }
  return operations.flatMap(({ collectionName, method, params: [what, options = {}] }) => {
    const { sort, skip, limit, projection, hint } = options;
    if (method === 'aggregate')
      return partsOf({ aggregate: collectionName, pipeline: what, cursor: {}, ...(hint && { hint }) });
    if (method === 'countDocuments') {
      const pipeline = [{ $match: what }, { $group: { _id: 1, n: { $sum: 1 } } }];
      return [{ aggregate: collectionName, pipeline, cursor: {}, ...(hint && { hint }) }];
    }
    const find = { find: collectionName, filter: what, ...(projection && { projection }) };
    if (method === 'findOne') return [{ ...find, limit: 1 }];
    if (method !== 'find') return [];
    return [
      {
        ...find,
        ...(sort && { sort: toDocument(sort) }),
        ...(skip && { skip }),
        ...(limit && { limit }),
        ...(hint && { hint }),
      },
    ];
  });
};
/** An aggregation. If it joins, the same without the join comes first: it shows how the links alone are found. */
const partsOf = (command: { pipeline: any[] } & Record<string, unknown>) => {
  const own = command.pipeline.filter((stage) => !('$lookup' in stage));
  return own.length === command.pipeline.length ? [command] : [{ ...command, pipeline: own }, command];
};
const isPage = (read: Record<string, unknown>): boolean => {
  const stages = Array.isArray(read['pipeline']) ? read['pipeline'] : [];
  return 'sort' in read || (stages.some((stage) => '$sort' in stage) && !isJoin(read));
};
const isJoin = ({ pipeline }: Record<string, unknown>): boolean =>
  Array.isArray(pipeline) && pipeline.some((stage) => '$lookup' in stage);
/** The driver takes a sort as a Map, a command does not. */
const toDocument = (sort: unknown) => (sort instanceof Map ? Object.fromEntries(sort) : sort);

/** The plans of all reads that these steps send, as they were run again to be explained. */
export const plansOf = async ({ database }: Stored, steps: () => Promise<unknown>) => {
  const reads = await readsOf(await connect(), steps);
  return await Promise.all(
    reads.map(async (read) => {
      const answer = await database.db?.command({ explain: read, verbosity: 'executionStats' });
      return {
        on: String(read['find'] ?? read['aggregate']),
        isPage: isPage(read),
        isJoin: isJoin(read),
        ...readPlan(answer ?? {}),
      };
    }),
  );
};
