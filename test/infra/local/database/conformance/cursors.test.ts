import { beforeAll, describe, expect, it } from '@jest/globals';
import { connectForFile, serverErrorOf } from './client.ts';

const { db } = connectForFile('conformance-cursors');

type Numbered = { _id: number; group: number };
const numbers = () => db().collection<Numbered>('numbers');

beforeAll(async () => {
  await numbers().insertMany(Array.from({ length: 250 }, (_, _id) => ({ _id, group: _id % 7 })));
});

describe('the database hands out results in pages', () => {
  it.each([1, 3, 100, 101, 250, 1_000])(
    'gives every document once with a batch size of %i',
    async (batchSize) => {
      const ids = (await numbers().find().batchSize(batchSize).toArray()).map(({ _id }) => _id);
      expect(new Set(ids).size).toBe(250);
      expect(ids).toHaveLength(250);
    },
  );

  it('keeps the order over the pages of a sorted result that no index serves', async () => {
    const found = await numbers().find().sort({ group: -1, _id: 1 }).batchSize(20).toArray();
    const expected = [...found].sort((a, b) => b.group - a.group || a._id - b._id);
    expect(found).toEqual(expected);
    expect(found).toHaveLength(250);
  });

  it('stops at the limit, within a page and over pages', async () => {
    expect(await numbers().find().limit(7).toArray()).toHaveLength(7);
    expect(await numbers().find().limit(30).batchSize(7).toArray()).toHaveLength(30);
    expect(await numbers().find().sort({ _id: 1 }).skip(245).limit(30).toArray()).toHaveLength(5);
  });

  it('gives an aggregate in pages too', async () => {
    const groups = numbers().aggregate([{ $group: { _id: '$_id' } }], { batchSize: 9 });
    expect(await groups.toArray()).toHaveLength(250);
  });

  it('forgets a cursor that was killed', async () => {
    const first = await db().command({ find: 'numbers', sort: { group: 1 }, batchSize: 2 });
    const { id } = first['cursor'] as { id: bigint };
    const killed = await db().command({ killCursors: 'numbers', cursors: [id] });
    expect(killed['cursorsKilled']).toHaveLength(1);
    const error = await serverErrorOf(db().command({ getMore: id, collection: 'numbers' }));
    expect(error.code).toBe(43);
  });

  it('lists collections and indexes through cursors', async () => {
    await numbers().createIndex({ group: 1 }, { name: 'by-group' });
    expect(
      await db()
        .listCollections()
        .map(({ name }) => name)
        .toArray(),
    ).toEqual(['numbers']);
    expect(
      (
        await numbers()
          .listIndexes()
          .map(({ name }) => String(name))
          .toArray()
      ).sort(),
    ).toEqual(['_id_', 'by-group']);
  });

  it('counts, and tells distinct values', async () => {
    expect(await numbers().countDocuments({ group: 3 })).toBe(36);
    expect(await numbers().estimatedDocumentCount()).toBe(250);
    expect((await numbers().distinct('group')).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});
