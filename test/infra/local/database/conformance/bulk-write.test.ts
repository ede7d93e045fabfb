import { beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClientBulkWriteError, MongoError, ObjectId } from 'mongodb';
import type { AnyClientBulkWriteModel, Document } from 'mongodb';
import { connectForFile, serverErrorOf } from './client.ts';

const { client, db } = connectForFile('conformance-bulk-write');

const namespace = (collection: string): string => `${db().databaseName}.${collection}`;

const count = (collection: string, filter: Document = {}): Promise<number> =>
  db().collection(collection).countDocuments(filter);

beforeAll(async () => {
  for (const name of ['left', 'right']) await db().createCollection(name);
  await db().collection('right').createIndex({ email: 1 }, { unique: true, sparse: true, name: 'one-email' });
});

const newIds = () => [new ObjectId(), new ObjectId(), new ObjectId()] as const;

const mixed = ([one, two, three]: readonly [
  ObjectId,
  ObjectId,
  ObjectId,
]): AnyClientBulkWriteModel<Document>[] => [
  { name: 'insertOne', namespace: namespace('left'), document: { _id: one, n: 1 } },
  { name: 'insertOne', namespace: namespace('left'), document: { _id: two, n: 1 } },
  { name: 'updateMany', namespace: namespace('left'), filter: { n: 1 }, update: { $set: { n: 2 } } },
  {
    name: 'updateOne',
    namespace: namespace('right'),
    filter: { _id: three },
    update: { $set: { n: 3 } },
    upsert: true,
  },
  {
    name: 'updateOne',
    namespace: namespace('right'),
    filter: { _id: new ObjectId() },
    update: { $set: { n: 3 } },
  },
  { name: 'replaceOne', namespace: namespace('right'), filter: { _id: three }, replacement: { n: 4 } },
  { name: 'deleteOne', namespace: namespace('left'), filter: { _id: one } },
  { name: 'deleteMany', namespace: namespace('left'), filter: { n: 2 } },
];

const duplicate: AnyClientBulkWriteModel<Document>[] = [
  { name: 'insertOne', namespace: namespace('left'), document: { marker: 'first' } },
  { name: 'insertOne', namespace: namespace('right'), document: { email: 'x' } },
  { name: 'insertOne', namespace: namespace('right'), document: { email: 'x' } },
  { name: 'insertOne', namespace: namespace('left'), document: { marker: 'last' } },
];

const bulkErrorOf = async (work: Promise<unknown>): Promise<MongoClientBulkWriteError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MongoClientBulkWriteError) return error;
  throw new Error(`expected a bulk write error, got ${String(error)}`);
};

describe('bulkWrite across collections', () => {
  it('counts what it did', async () => {
    const ids = newIds();
    expect(await client().bulkWrite(mixed(ids))).toMatchObject({
      insertedCount: 2,
      matchedCount: 3,
      modifiedCount: 3,
      upsertedCount: 1,
      deletedCount: 2,
    });
    expect(await count('left')).toBe(0);
    expect(await db().collection('right').findOne({ n: 4 })).toEqual({ _id: ids[2], n: 4 });
  });

  it('tells the result of each operation when asked', async () => {
    const ids = newIds();
    const result = await client().bulkWrite(mixed(ids), { verboseResults: true });
    expect([...(result.insertResults ?? [])]).toEqual([
      [0, { insertedId: ids[0] }],
      [1, { insertedId: ids[1] }],
    ]);
    expect(
      [...(result.updateResults ?? [])].map(([place, { matchedCount }]) => [place, matchedCount]),
    ).toEqual([
      [2, 2],
      [3, 1],
      [4, 0],
      [5, 1],
    ]);
    expect(result.updateResults?.get(3)).toMatchObject({ didUpsert: true, upsertedId: ids[2] });
    expect(
      [...(result.deleteResults ?? [])].map(([place, { deletedCount }]) => [place, deletedCount]),
    ).toEqual([
      [6, 1],
      [7, 1],
    ]);
  });

  it('stops at the first error when ordered', async () => {
    const error = await bulkErrorOf(client().bulkWrite(duplicate));
    expect([...error.writeErrors].map(([place, { code }]) => [place, code])).toEqual([[2, 11000]]);
    expect(await count('left', { marker: 'first' })).toBe(1);
    expect(await count('left', { marker: 'last' })).toBe(0);
  });

  it('goes on after an error when unordered', async () => {
    await db().collection('right').deleteMany({ email: 'x' });
    await bulkErrorOf(client().bulkWrite(duplicate, { ordered: false }));
    expect(await count('right', { email: 'x' })).toBe(1);
    expect(await count('left', { marker: 'last' })).toBe(1);
  });

  it('takes update pipelines, array filters and BSON types as they are', async () => {
    const document = { marker: 'types', lines: [{ n: 1 }, { n: 5 }], bytes: Buffer.from([1, 2]) };
    await client().bulkWrite([
      { name: 'insertOne', namespace: namespace('left'), document },
      {
        name: 'updateOne',
        namespace: namespace('left'),
        filter: { marker: 'types' },
        update: { $set: { 'lines.$[big].big': true } },
        arrayFilters: [{ 'big.n': { $gt: 3 } }],
      },
      {
        name: 'updateOne',
        namespace: namespace('left'),
        filter: { bytes: Buffer.from([1, 2]) },
        update: [{ $set: { total: { $sum: '$lines.n' }, at: '$$NOW' } }],
      },
    ]);
    const stored = await db().collection('left').findOne({ marker: 'types' });
    expect(stored).toMatchObject({ lines: [{ n: 1 }, { n: 5, big: true }], total: 6, at: expect.any(Date) });
  });
});

describe('bulkWrite in a transaction', () => {
  const operations = (marker: string): AnyClientBulkWriteModel<Document>[] => [
    { name: 'insertOne', namespace: namespace('left'), document: { marker } },
    { name: 'updateOne', namespace: namespace('left'), filter: { marker }, update: { $set: { seen: true } } },
    { name: 'insertOne', namespace: namespace('right'), document: { marker } },
  ];

  it('commits all of it, each operation seeing those before it', async () => {
    const result = await client().withSession((session) =>
      session.withTransaction(() =>
        client().bulkWrite(operations('committed'), { session, verboseResults: true }),
      ),
    );
    expect(result.updateResults?.get(1)).toMatchObject({ matchedCount: 1 });
    expect(await count('left', { marker: 'committed', seen: true })).toBe(1);
    expect(await count('right', { marker: 'committed' })).toBe(1);
  });

  it('leaves nothing behind when it is aborted', async () => {
    await client().withSession(async (session) => {
      session.startTransaction();
      await client().bulkWrite(operations('aborted'), { session });
      await session.abortTransaction();
    });
    expect(await count('left', { marker: 'aborted' })).toBe(0);
  });

  it('aborts the transaction when one operation is refused', async () => {
    await db().collection('right').insertOne({ email: 'held' });
    await client().withSession(async (session) => {
      session.startTransaction();
      const refused: AnyClientBulkWriteModel<Document>[] = [
        ...operations('refused'),
        { name: 'insertOne', namespace: namespace('right'), document: { email: 'held' } },
      ];
      const error = await bulkErrorOf(client().bulkWrite(refused, { session }));
      expect(error.writeErrors.get(3)?.code).toBe(11000);
      expect(error.writeErrors.get(3)?.message).toContain('index: one-email dup key');
      expect(await serverErrorOf(session.commitTransaction())).toMatchObject({ code: 251 });
    });
    expect(await count('left', { marker: 'refused' })).toBe(0);
  });

  // The driver wraps what fails the whole command and keeps the label on the cause only, so withTransaction
  // does not see it: whoever writes this way has to throw the cause.
  it('reports a conflict with another transaction by a cause that may be tried again', async () => {
    await db().collection('left').insertOne({ marker: 'contended' });
    const write: AnyClientBulkWriteModel<Document>[] = [
      {
        name: 'updateOne',
        namespace: namespace('left'),
        filter: { marker: 'contended' },
        update: { $inc: { n: 1 } },
      },
    ];
    await client().withSession(async (first) =>
      client().withSession(async (second) => {
        first.startTransaction();
        second.startTransaction();
        await client().bulkWrite(write, { session: first });
        const { cause, writeErrors } = await bulkErrorOf(client().bulkWrite(write, { session: second }));
        expect(writeErrors.size).toBe(0);
        expect(cause).toMatchObject({ code: 112 });
        expect(cause instanceof MongoError && cause.hasErrorLabel('TransientTransactionError')).toBe(true);
        await first.abortTransaction();
        await second.abortTransaction();
      }),
    );
  });
});
