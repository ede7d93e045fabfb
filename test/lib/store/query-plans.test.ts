import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from 'mongoose';
import { connect } from '#lib/store/connection.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { readPlan } from '#test/support/explain.ts';
import { addMany } from '#test/support/many-customers.ts';
import { testDatabaseEngine } from '#test/support/test-database.ts';
import { useService } from '#test/support/service.ts';

const service = useService('query-plans');
const business = aBusiness();
const CUSTOMERS = 600;
const OTHERS = 900;
/** Ten pages of twenty: what a walk to the tenth must look at. */
const WALKED = 200;

beforeAll(async () => {
  await addMany(business.businessId, CUSTOMERS, (index) => ({
    firstName: `First${String(index % 40)}`,
    lastName: `Last${String(index % 300)}`,
    email: `e${String(index)}@b.example`,
    phone: `48${String(500_000_000 + index)}`,
    state: index % 3 === 0 ? 'archived' : 'active',
  }));
  await addMany(aBusiness().businessId, OTHERS, () => ({ firstName: 'Other' }));
});

type Operation = { collectionName: string; method: string; params: any[] };

/** The reads that some steps send, as commands that can be explained. */
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
      return [{ aggregate: collectionName, pipeline: what, cursor: {}, ...(hint && { hint }) }];
    if (method === 'countDocuments') {
      const pipeline = [{ $match: what }, { $group: { _id: 1, n: { $sum: 1 } } }];
      return [{ aggregate: collectionName, pipeline, cursor: {} }];
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
/** The driver takes a sort as a Map, a command does not. */
const toDocument = (sort: unknown) => (sort instanceof Map ? Object.fromEntries(sort) : sort);

const plansOf = async (steps: () => Promise<unknown>) => {
  const reads = await readsOf(await connect(), steps);
  expect(reads.length).toBeGreaterThan(0);
  return await Promise.all(
    reads.map(async (read) => {
      const answer = await service.database.db?.command({ explain: read, verbosity: 'executionStats' });
      return {
        on: String(read['find'] ?? read['aggregate']),
        isPage: 'sort' in read,
        ...readPlan(answer ?? {}),
      };
    }),
  );
};
const print = (line: string) => void process.stdout.write(`query-plans: ${line}\n`);
const deep = { page: '10', pageSize: '20' };

/** How a page's links are found. */
const pagePlan = async (query: Readonly<Record<string, string>>) => {
  const plans = await plansOf(() => business.find({ ...deep, ...query }));
  return plans.find(({ on, isPage }) => on === 'customer_link' && isPage);
};
const walking = (index: string) => ({ sortsInMemory: false, scansCollection: false, indexes: [index] });

describe('no query scans a collection', () => {
  it('and every one of them is seen here', async () => {
    const plans = await plansOf(() => business.find({ phrase: 'last29' }));
    for (const { indexes } of plans) expect(indexes).toHaveLength(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['get', () => business.get('5f1d7f3a9c3b4e2d8a6c1b0a')],
    ['look-up by email', () => business.lookUp({ email: 'e7@b.example' })],
    ['look-up by phone', () => business.lookUp({ phone: '48500000007' })],
    ['history', () => business.history('5f1d7f3a9c3b4e2d8a6c1b0a')],
    ['settings', () => business.settings()],
    ['a page by updatedSince', () => business.find({ updatedSince: '2026-01-01T00:00:00.000Z' })],
    ['a phrase', () => business.find({ phrase: 'last29' })],
    ['a phrase of two words', () => business.find({ phrase: 'last29 first9' })],
    ['a whole email as phrase', () => business.find({ phrase: 'e7@b.example' })],
    ['a type', () => business.find({ customerType: 'new' })],
    [
      'a create while both uniquenesses are pending',
      async () => {
        for (const isUnique of [false, true])
          await business.chooseSettings({ uniqueEmail: isUnique, uniquePhone: isUnique });
        await added(business);
      },
    ],
  ])('%s', async (_what, ask) => {
    for (const plan of await plansOf(ask)) expect(plan).toMatchObject({ scansCollection: false });
  });
});

describe('a page is walked in the order of one index, without a sort', () => {
  const ORDERS = ['createdAt', 'updatedAt', 'name', 'firstName', 'lastName', 'id'];
  const INDEX_OF: Readonly<Record<string, string>> = {
    createdAt: 'createdKey',
    updatedAt: 'updatedKey',
    name: 'nameKey',
    lastName: 'nameKey',
    firstName: 'firstKey',
  };

  it.each(ORDERS.flatMap((orderBy) => ['asc', 'desc'].map((orderDir) => [orderBy, orderDir] as const)))(
    'orderBy=%s&orderDir=%s',
    async (orderBy, orderDir) => {
      const key = INDEX_OF[orderBy];
      const plan = await pagePlan({ orderBy, orderDir });
      expect(plan).toMatchObject(walking(key === undefined ? 'business_customer_unique' : `business_${key}`));
      expect(plan?.keysExamined).toBeLessThanOrEqual(WALKED * 1.2);
    },
  );

  it.each(ORDERS.filter((orderBy) => orderBy !== 'id'))('state=archived&orderBy=%s', async (orderBy) => {
    const plan = await pagePlan({ orderBy, state: 'archived' });
    expect(plan).toMatchObject(walking(`business_state_${INDEX_OF[orderBy] ?? ''}`));
    expect(plan?.keysExamined).toBeLessThanOrEqual(WALKED * 1.2);
  });
});

describe('the statistics are counted on an index of what they count by', () => {
  it('and open no document, where the engine can count so', async () => {
    const plans = await plansOf(() => business.statistics());
    const [byTypeAndState, newByDay] = plans.filter(({ on }) => on === 'customer_link');
    expect(byTypeAndState).toMatchObject({ ...walking('business_type_state'), opensDocuments: false });
    expect(newByDay).toMatchObject(walking('business_state_createdKey'));
    if (testDatabaseEngine() === 'documentdb')
      print('days: the embedded engine opens the document of each customer it counts, to read its key');
    else expect(newByDay?.opensDocuments).toBe(false);
  });

  it('and look at those of the days asked for only', async () => {
    const plans = await plansOf(() => business.statistics({ from: '2020-01-01', to: '2020-12-31' }));
    const newByDay = plans.find(({ indexes }) => indexes.includes('business_state_createdKey'));
    expect(newByDay?.keysExamined).toBeLessThanOrEqual(5);
  });
});
