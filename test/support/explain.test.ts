import { describe, expect, it } from '@jest/globals';
import { readPlan } from './explain.ts';

const winning = (plan: Record<string, unknown>, stats = {}): Record<string, unknown> => ({
  queryPlanner: {
    namespace: 'a.b',
    winningPlan: plan,
    rejectedPlans: [{ stage: 'SORT', indexName: 'other' }],
  },
  ...stats,
});

describe('readPlan reads mongod’s plans', () => {
  it.each([
    [
      'a walk of an index',
      winning(
        {
          stage: 'LIMIT',
          inputStage: { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'created' } },
        },
        { executionStats: { totalKeysExamined: 20 } },
      ),
      {
        indexes: ['created'],
        sortsInMemory: false,
        scansCollection: false,
        opensDocuments: true,
        keysExamined: 20,
      },
    ],
    [
      'the slot-based engine’s form',
      winning({
        queryPlan: { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'x' } },
        slotBasedPlan: {},
      }),
      { indexes: ['x'], sortsInMemory: false, scansCollection: false, opensDocuments: true },
    ],
    [
      'a fast path by index',
      winning({ stage: 'EXPRESS_IXSCAN', indexName: 'customer' }),
      { indexes: ['customer'], sortsInMemory: false, scansCollection: false, opensDocuments: true },
    ],
    [
      'a look-up by _id',
      winning({ stage: 'IDHACK' }),
      { indexes: ['_id_'], sortsInMemory: false, scansCollection: false, opensDocuments: true },
    ],
    [
      'a collection scan with a sort',
      winning({ stage: 'SORT', inputStage: { stage: 'COLLSCAN' } }),
      { indexes: [], sortsInMemory: true, scansCollection: true, opensDocuments: true },
    ],
    [
      'a pipeline with a join',
      {
        stages: [
          {
            $cursor: {
              ...winning({ stage: 'IXSCAN', indexName: 'link' }),
              executionStats: { totalKeysExamined: 1 },
            },
          },
          { $lookup: { from: 'customer' }, indexesUsed: ['_id_'], collectionScans: 0 },
        ],
      },
      {
        indexes: ['link', '_id_'],
        sortsInMemory: false,
        scansCollection: false,
        opensDocuments: false,
        keysExamined: 1,
      },
    ],
    [
      'a pipeline that sorts late',
      {
        stages: [
          { $cursor: winning({ stage: 'IXSCAN', indexName: 'link' }) },
          { $sort: { sortKey: { a: 1 } } },
        ],
      },
      { indexes: ['link'], sortsInMemory: true, scansCollection: false, opensDocuments: false },
    ],
    [
      'a count on an index alone',
      winning({
        stage: 'GROUP',
        inputStage: { stage: 'PROJECTION_COVERED', inputStage: { stage: 'IXSCAN', indexName: 'type_state' } },
      }),
      { indexes: ['type_state'], sortsInMemory: false, scansCollection: false, opensDocuments: false },
    ],
  ])('%s', (_, answer, plan) => {
    expect(readPlan(answer)).toEqual(plan);
  });
});

describe('readPlan reads the embedded engine’s plans', () => {
  const steps = (...nodes: Record<string, unknown>[]): Record<string, unknown> => ({
    queryPlanner: { engine: 'documentdb', steps: nodes },
  });

  it.each([
    [
      { node: 'Index Scan', index: 'created' },
      { indexes: ['created'], scansCollection: false, opensDocuments: true },
    ],
    [
      { node: 'Index Only Scan', index: 'created' },
      { indexes: ['created'], scansCollection: false, opensDocuments: false },
    ],
    [
      {
        node: 'Index Scan',
        index: '_id_',
        indexCondition: "(shard_key_value = '2') AND (object_id = ANY (…))",
      },
      { indexes: ['_id_'], scansCollection: false },
    ],
    [
      { node: 'Index Scan', index: '_id_', indexCondition: "(shard_key_value = '2')" },
      { indexes: [], scansCollection: true },
    ],
    [{ node: 'Seq Scan' }, { indexes: [], scansCollection: true }],
    [
      { node: 'Bitmap Index Scan', index: 'created' },
      { indexes: [], scansCollection: true },
    ],
    [{ node: 'Incremental Sort' }, { sortsInMemory: true }],
  ])('%o', (step, plan) => {
    expect(readPlan(steps(step))).toMatchObject(plan);
  });
});
