import { beforeEach, describe, expect, it } from '@jest/globals';
import { Binary, Decimal128, Double, Int32, Long, ObjectId } from 'mongodb';
import type { Document } from 'mongodb';
import { connectForFile } from './client.ts';

const { db } = connectForFile('conformance-queries');

type Row = Document & { _id: number };
const rows = () => db().collection<Row>('rows');
const aDayMs = 86_400_000;

beforeEach(async () => {
  await rows().deleteMany({});
});

const near = (at: Date, expectedMs: number): void => {
  expect(Math.abs(at.getTime() - expectedMs)).toBeLessThan(60_000);
};

describe('values', () => {
  it('come back as they were stored, byte for byte', async () => {
    const document = {
      _id: 1,
      bytes: new Binary(Buffer.from([0, 1, 255])),
      uuid: new Binary(Buffer.alloc(16, 7), Binary.SUBTYPE_UUID),
      id: new ObjectId(),
      at: new Date(1_700_000_000_123),
      long: Long.fromString('9007199254740993'),
      int: new Int32(7),
      double: new Double(7),
      decimal: Decimal128.fromString('1.10'),
      nothing: null,
      list: [1, 'a', null, { deep: [true] }],
      text: 'Zoë Łukasz 😀 \u0000',
    };
    await rows().insertOne(document);
    expect(await rows().findOne({ _id: 1 }, { promoteValues: false, promoteLongs: false })).toMatchObject({
      ...document,
      _id: new Int32(1),
      list: [new Int32(1), 'a', null, { deep: [true] }],
    });
  });

  it('are found by bytes, by null, by absence and within lists', async () => {
    await rows().insertMany([
      { _id: 1, key: Buffer.from('k1') },
      { _id: 2, key: null },
      { _id: 3 },
      { _id: 4, key: [Buffer.from('k1'), Buffer.from('k2')] },
    ]);
    const ids = async (filter: Document) =>
      (await rows().find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    expect(await ids({ key: Buffer.from('k1') })).toEqual([1, 4]);
    expect(await ids({ key: { $all: [Buffer.from('k1'), Buffer.from('k2')] } })).toEqual([4]);
    expect(await ids({ $and: [{ key: Buffer.from('k1') }, { key: Buffer.from('k2') }] })).toEqual([4]);
    expect(await ids({ key: { $in: [Buffer.from('k2'), Buffer.from('k9')] } })).toEqual([4]);
    expect(await ids({ key: null })).toEqual([2, 3]);
    expect(await ids({ key: { $exists: false } })).toEqual([3]);
    expect(await ids({ $or: [{ _id: 2 }, { _id: { $gt: 3 } }] })).toEqual([2, 4]);
  });

  it('are compared and sorted by their bytes, whatever the language', async () => {
    const names = ['Zebra', 'apple', 'Ärger', 'zoo', '\u0000', 'a\u0000b', 'a'];
    await rows().insertMany(names.map((name, _id) => ({ _id, name })));
    const sorted = (await rows().find().sort({ name: 1 }).toArray()).map(({ name }) => String(name));
    expect(sorted).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });
});

describe('updates', () => {
  it('count what matched and what changed', async () => {
    await rows().insertOne({ _id: 1, n: 1 });
    expect(await rows().updateOne({ _id: 1 }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await rows().updateOne({ _id: 1, n: 2 }, { $set: { n: 3 } })).toMatchObject({ matchedCount: 0 });
  });

  it('take the database’s clock by $$NOW in a pipeline, and add days to it', async () => {
    await rows().insertOne({ _id: 1, state: 'active', days: 90 });
    await rows().updateOne({ _id: 1 }, [
      {
        $set: {
          at: '$$NOW',
          purgeAfter: { $dateAdd: { startDate: '$$NOW', unit: 'day', amount: '$days' } },
          never: { $cond: [{ $gt: ['$days', 365] }, '$$NOW', '$$REMOVE'] },
          history: { $concatArrays: [{ $ifNull: ['$history', []] }, [{ state: '$state', at: '$$NOW' }]] },
        },
      },
      { $unset: 'days' },
    ]);
    const row = await rows().findOne({ _id: 1 });
    expect(Object.keys(row ?? {}).sort()).toEqual(['_id', 'at', 'history', 'purgeAfter', 'state']);
    near(row?.['at'], Date.now());
    near(row?.['purgeAfter'], Date.now() + 90 * aDayMs);
    expect(row?.['history']).toEqual([{ state: 'active', at: row?.['at'] }]);
  });

  it('delete only what the database’s clock says is due', async () => {
    await rows().insertMany([
      { _id: 1, state: 'deleted', purgeAfter: new Date(Date.now() - aDayMs) },
      { _id: 2, state: 'deleted', purgeAfter: new Date(Date.now() + aDayMs) },
      { _id: 3, state: 'active', purgeAfter: new Date(Date.now() - aDayMs) },
      { _id: 4, state: 'deleted' },
    ]);
    const due = {
      state: 'deleted',
      purgeAfter: { $exists: true },
      $expr: { $lte: ['$purgeAfter', '$$NOW'] },
    };
    expect(await rows().countDocuments(due)).toBe(1);
    expect(await rows().deleteMany({ ...due, _id: { $in: [1, 2, 3, 4] } })).toMatchObject({
      deletedCount: 1,
    });
    expect(await rows().countDocuments()).toBe(3);
  });

  it('push, pull and change array elements by filter', async () => {
    const lists = db().collection<{ _id: number; tags: string[]; lines: { n: number }[] }>('rows');
    await lists.insertOne({ _id: 1, tags: ['a'], lines: [{ n: 1 }, { n: 2 }] });
    await lists.updateOne({ _id: 1 }, { $push: { tags: { $each: ['b', 'c'], $slice: -2 } } });
    await lists.updateOne(
      { _id: 1 },
      { $pull: { tags: 'b' }, $inc: { 'lines.$[one].n': 10 } },
      {
        arrayFilters: [{ 'one.n': 2 }],
      },
    );
    expect(await rows().findOne({ _id: 1 })).toEqual({ _id: 1, tags: ['c'], lines: [{ n: 1 }, { n: 12 }] });
  });

  it('give the document before or after by findAndModify', async () => {
    await rows().insertOne({ _id: 1, n: 1 });
    const before = await rows().findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } });
    const after = await rows().findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { returnDocument: 'after' });
    expect([before?.['n'], after?.['n']]).toEqual([1, 3]);
    expect(await rows().findOneAndDelete({ _id: 9 })).toBeNull();
    const upserted = await rows().findOneAndUpdate(
      { _id: 5 },
      { $setOnInsert: { n: 5 } },
      { upsert: true, returnDocument: 'after' },
    );
    expect(upserted).toEqual({ _id: 5, n: 5 });
  });

  it('apply a retried write once', async () => {
    const session = db().client.startSession();
    const command = {
      update: 'rows',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }],
      txnNumber: Long.fromNumber(1),
    };
    await rows().insertOne({ _id: 1, n: 0 });
    const answers = [await db().command(command, { session }), await db().command(command, { session })];
    expect(answers).toMatchObject([{ n: 1 }, { n: 1 }]);
    expect(await rows().findOne({ _id: 1 })).toEqual({ _id: 1, n: 1 });
    await session.endSession();
  });
});

describe('aggregations', () => {
  it('join another collection by _id', async () => {
    const customers = db().collection<Row>('customers');
    await customers.insertMany([
      { _id: 10, name: 'Anna' },
      { _id: 20, name: 'Bo' },
    ]);
    await rows().insertMany([
      { _id: 1, business: 'b', customerId: 10 },
      { _id: 2, business: 'b', customerId: 30 },
    ]);
    const joined = await rows()
      .aggregate([
        { $match: { business: 'b' } },
        { $sort: { _id: 1 } },
        { $lookup: { from: 'customers', localField: 'customerId', foreignField: '_id', as: 'customer' } },
        { $project: { customer: { $first: '$customer' } } },
      ])
      .toArray();
    expect(joined).toEqual([{ _id: 1, customer: { _id: 10, name: 'Anna' } }, { _id: 2 }]);
  });

  it('group, count in facets, and write results elsewhere', async () => {
    await rows().insertMany([1, 2, 3, 4].map((_id) => ({ _id, kind: _id % 2 ? 'odd' : 'even' })));
    const byKind = [{ $group: { _id: '$kind', count: { $sum: 1 } } }, { $sort: { _id: 1 } }];
    const expected = [
      { _id: 'even', count: 2 },
      { _id: 'odd', count: 2 },
    ];
    expect(await rows().aggregate(byKind).toArray()).toEqual(expected);
    const facets = rows().aggregate([{ $facet: { kinds: byKind, all: [{ $count: 'n' }] } }]);
    expect(await facets.toArray()).toEqual([{ kinds: expected, all: [{ n: 4 }] }]);
    await rows()
      .aggregate([...byKind, { $merge: { into: 'kinds' } }])
      .toArray();
    expect(await db().collection('kinds').countDocuments()).toBe(2);
  });

  it('group by day in UTC', async () => {
    await rows().insertMany([
      { _id: 1, at: new Date('2026-01-31T23:59:59.999Z') },
      { _id: 2, at: new Date('2026-02-01T00:00:00.000Z') },
    ]);
    const perDay = rows().aggregate([
      { $group: { _id: { $dateToString: { date: '$at', format: '%Y-%m-%d' } }, count: { $sum: 1 } } },
      { $sort: { _id: 1 } },
    ]);
    expect(await perDay.toArray()).toEqual([
      { _id: '2026-01-31', count: 1 },
      { _id: '2026-02-01', count: 1 },
    ]);
  });

  it('tell the database’s clock', async () => {
    const [row] = await db()
      .aggregate([{ $documents: [{}] }, { $set: { now: '$$NOW' } }])
      .toArray();
    near(row?.['now'], Date.now());
  });
});
