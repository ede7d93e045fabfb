import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ObjectId } from 'mongodb';
import type { Document } from 'mongodb';
import { readPlan } from '#test/support/explain.ts';
import type { QueryPlan } from '#test/support/explain.ts';
import { connectForFile, serverErrorOf } from './client.ts';

const { client, db } = connectForFile('conformance-indexes');

const key = (text: string): Buffer => Buffer.from(text);
const businesses = [new ObjectId(), new ObjectId()] as const;

/** A few thousand links, as the store will keep them. */
const links = () => db().collection('links');
const linkCount = 4_000;
const createdKey = (at: number): string => String(1_700_000_000_000 + at);

beforeAll(async () => {
  await links().createIndexes([
    { key: { businessId: 1, customerId: 1 }, name: 'customer', unique: true },
    { key: { businessId: 1, createdKey: 1 }, name: 'created' },
    { key: { businessId: 1, state: 1, createdKey: 1 }, name: 'state-created' },
    { key: { businessId: 1, searchTokens: 1, createdKey: 1 }, name: 'search' },
    {
      key: { businessId: 1, emailKeys: 1 },
      name: 'email',
      unique: true,
      partialFilterExpression: { holdsEmail: true, emailKeys: { $exists: true } },
    },
    { key: { purgeAfter: 1 }, name: 'purge', partialFilterExpression: { purgeAfter: { $exists: true } } },
  ]);
  await links().insertMany(
    Array.from({ length: linkCount }, (_, at) => ({
      businessId: businesses[at % 2],
      customerId: at,
      state: at % 5 === 0 ? 'deleted' : 'active',
      createdKey: createdKey(at),
      searchTokens: [key(`t${at % 20}`), key(`u${at % 7}`), key(`v${at}`)],
      emailKeys: [key(`e${at}`)],
      holdsEmail: true,
      ...(at % 100 === 0 ? { purgeAfter: new Date(at) } : {}),
    })),
  );
});

const planOf = async (command: Document, verbosity = 'executionStats'): Promise<QueryPlan> =>
  readPlan(await db().command({ explain: command, verbosity }));

const ordered = (index: string): Partial<QueryPlan> => ({
  indexes: [index],
  sortsInMemory: false,
  scansCollection: false,
});

describe('unique indexes', () => {
  const held = { businessId: businesses[0], holdsEmail: true };

  it('refuse a second live holder of a key, whichever element of the list it is', async () => {
    await links().insertOne({ ...held, customerId: 'x1', emailKeys: [key('old'), key('new')] });
    for (const emailKeys of [[key('new')], [key('other'), key('old')]]) {
      const error = await serverErrorOf(links().insertOne({ ...held, customerId: 'x2', emailKeys }));
      expect(error).toMatchObject({ code: 11000 });
      expect(error.message).toContain(' index: email dup key');
    }
  });

  it('allow the key to another business, and to one that does not hold it', async () => {
    await links().insertOne({
      ...held,
      businessId: businesses[1],
      customerId: 'x3',
      emailKeys: [key('new')],
    });
    await links().insertOne({ ...held, holdsEmail: false, customerId: 'x4', emailKeys: [key('new')] });
    await links().insertOne({ ...held, customerId: 'x5' });
    await links().insertOne({ ...held, customerId: 'x6' });
    expect(await links().countDocuments({ customerId: { $in: ['x3', 'x4', 'x5', 'x6'] } })).toBe(4);
  });

  it('refuse the update that makes a document hold a taken key, until the key is free', async () => {
    const restore = () => links().updateOne({ customerId: 'x4' }, { $set: { holdsEmail: true } });
    expect(await serverErrorOf(restore())).toMatchObject({ code: 11000 });
    await links().updateOne({ customerId: 'x1' }, { $set: { holdsEmail: false } });
    expect(await restore()).toMatchObject({ modifiedCount: 1 });
  });

  it('are refused themselves where duplicates stand', async () => {
    const pairs = db().collection('pairs');
    await pairs.insertMany([{ n: 1 }, { n: 1 }]);
    expect(await serverErrorOf(pairs.createIndex({ n: 1 }, { unique: true }))).toMatchObject({ code: 11000 });
  });

  it('allow several documents without the field when sparse', async () => {
    const sparse = db().collection('sparse');
    await sparse.createIndex({ n: 1 }, { unique: true, sparse: true });
    await sparse.insertMany([{}, {}, { n: 1 }]);
    expect(await serverErrorOf(sparse.insertOne({ n: 1 }))).toMatchObject({ code: 11000 });
  });
});

describe('declared indexes', () => {
  it('are listed with their keys and options', async () => {
    const listed = new Map(
      (await links().listIndexes().toArray()).map((index) => [String(index.name), index]),
    );
    expect([...listed.keys()].sort()).toEqual([
      '_id_',
      'created',
      'customer',
      'email',
      'purge',
      'search',
      'state-created',
    ]);
    expect(listed.get('customer')).toMatchObject({ key: { businessId: 1, customerId: 1 }, unique: true });
    expect(listed.get('email')).toMatchObject({
      unique: true,
      partialFilterExpression: { holdsEmail: true, emailKeys: { $exists: true } },
    });
  });

  it('can be made again without harm, and dropped by name', async () => {
    const temporary = db().collection('temporary');
    await temporary.insertMany([{ a: 1 }, { a: 2 }]);
    await temporary.createIndex({ a: 1 }, { name: 'by-a' });
    await temporary.createIndex({ a: 1 }, { name: 'by-a' });
    expect(await temporary.indexes()).toHaveLength(2);
    await temporary.dropIndex('by-a');
    expect(await temporary.indexes()).toHaveLength(1);
    expect(await serverErrorOf(temporary.dropIndex('by-a'))).toMatchObject({ code: 27 });
  });

  it('cannot be made again under one name with other keys', async () => {
    await db().collection('named').createIndex({ a: 1 }, { name: 'one' });
    const again = db().collection('named').createIndex({ b: 1 }, { name: 'one' });
    expect([85, 86]).toContain((await serverErrorOf(again)).code);
  });
});

describe('query plans', () => {
  const [businessId] = businesses;
  const page = { find: 'links', limit: 20 };
  const bound = createdKey(3_000);

  it.each([
    ['newest first', 'created', {}, -1],
    ['oldest first', 'created', {}, 1],
    ['of one state, newest first', 'state-created', { state: 'active' }, -1],
    ['with one search token, newest first', 'search', { searchTokens: key('t4') }, -1],
  ] as const)('walk an index in order for a page %s', async (_, index, filter, direction) => {
    const createdKeyBound = direction === 1 ? { $gt: bound } : { $lt: bound };
    const plan = await planOf({
      ...page,
      filter: { businessId, ...filter, createdKey: createdKeyBound },
      sort: { createdKey: direction },
    });
    expect(plan).toMatchObject(ordered(index));
    expect(plan.keysExamined).toBeLessThanOrEqual(24);
  });

  it('walk the index of the first of several search tokens', async () => {
    const plan = await planOf({
      ...page,
      filter: {
        businessId,
        $and: [{ searchTokens: key('t4') }, { searchTokens: key('u4') }],
        createdKey: { $lt: createdKey(linkCount) },
      },
      sort: { createdKey: -1 },
    });
    expect(plan).toMatchObject(ordered('search'));
  });

  it('give every matching document once, in order, along a list-valued key', async () => {
    const filter = { businessId, searchTokens: key('t4') };
    const keys: string[] = [];
    for (let before = createdKey(linkCount); ;) {
      const rows = await links()
        .find({ ...filter, createdKey: { $lt: before } })
        .sort({ createdKey: -1 })
        .limit(20)
        .toArray();
      keys.push(...rows.map((row) => String(row['createdKey'])));
      const last = keys.at(-1);
      if (rows.length < 20 || last === undefined) break;
      before = last;
    }
    const expected = Array.from({ length: linkCount }, (_, at) => at)
      .filter((at) => at % 20 === 4)
      .map(createdKey);
    expect(keys).toEqual(expected.reverse());
  });

  it('find one document by a compound key, and by the partial index of its key', async () => {
    expect(await planOf({ find: 'links', filter: { businessId, customerId: 8 } })).toEqual({
      ...ordered('customer'),
      opensDocuments: true,
      keysExamined: expect.any(Number),
    });
    const byEmail = { businessId, holdsEmail: true, emailKeys: key('e8') };
    expect(await planOf({ find: 'links', filter: byEmail })).toMatchObject(ordered('email'));
  });

  it('walk the partial index of what is due', async () => {
    const due = { purgeAfter: { $exists: true, $lte: new Date(1_000) } };
    const plan = await planOf({ find: 'links', filter: due, sort: { purgeAfter: 1 }, limit: 500 });
    expect(plan).toMatchObject(ordered('purge'));
  });

  it('find documents by _id', async () => {
    const ids = (await links().find().limit(20).toArray()).map(({ _id }) => _id);
    expect(await planOf({ find: 'links', filter: { _id: { $in: ids } } })).toMatchObject({
      indexes: ['_id_'],
      scansCollection: false,
    });
  });

  it('show a scan of the collection and a sort in memory for what they are', async () => {
    const plan = await planOf(
      { find: 'links', filter: { nowhere: 1 }, sort: { nothing: 1 } },
      'queryPlanner',
    );
    expect(plan).toEqual({ indexes: [], sortsInMemory: true, scansCollection: true, opensDocuments: true });
  });

  it('can be read for a join, an update, a delete and a count', async () => {
    const filter = { businessId, customerId: 8 };
    const join = { from: 'links', localField: 'customerId', foreignField: '_id', as: 'others' };
    const pipeline = [{ $match: filter }, { $lookup: join }];
    const plan = await planOf({ aggregate: 'links', pipeline, cursor: {} });
    expect(plan.indexes).toContain('customer');
    expect(plan.scansCollection).toBe(false);
    const change = { update: 'links', updates: [{ q: filter, u: { $set: { n: 1 } } }] };
    const removal = { delete: 'links', deletes: [{ q: filter, limit: 1 }] };
    for (const command of [change, removal, { count: 'links', query: filter }])
      expect(await planOf(command, 'queryPlanner')).toMatchObject({
        indexes: ['customer'],
        scansCollection: false,
      });
  });
});

describe('TTL indexes', () => {
  const parameter = (seconds: number) =>
    client().db('admin').command({ setParameter: 1, ttlMonitorSleepSecs: seconds });

  beforeAll(() => parameter(1));
  afterAll(() => parameter(60));

  it('remove what has expired, and nothing else', async () => {
    const kept = db().collection('kept');
    await kept.createIndex({ expiresAt: 1 }, { name: 'expiry', expireAfterSeconds: 0 });
    const hour = 3_600_000;
    await kept.insertMany([
      { name: 'expired', expiresAt: new Date(Date.now() - hour) },
      { name: 'later', expiresAt: new Date(Date.now() + hour) },
      { name: 'no date', expiresAt: 'never' },
      { name: 'no field' },
    ]);
    const isGone = async (): Promise<boolean> => (await kept.countDocuments({ name: 'expired' })) === 0;
    for (let tries = 0; tries < 40 && !(await isGone()); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await kept.distinct('name')).sort()).toEqual(['later', 'no date', 'no field']);
  });
});
