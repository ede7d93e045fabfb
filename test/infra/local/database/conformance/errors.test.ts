import { describe, expect, it } from '@jest/globals';
import { Binary, Long } from 'mongodb';
import { connectForFile, serverErrorOf } from './client.ts';

const { client, db } = connectForFile('conformance-errors');

describe('the database reports errors by MongoDB’s codes', () => {
  it('answers 59 to a command that does not exist', async () => {
    const error = await serverErrorOf(db().command({ makeCoffee: 1 }));
    expect(error).toMatchObject({ code: 59, codeName: 'CommandNotFound' });
  });

  it('answers 11000 with index, key pattern and value to a second document of one _id', async () => {
    await db().collection<{ _id: number }>('ids').insertOne({ _id: 1 });
    const error = await serverErrorOf(db().collection<{ _id: number }>('ids').insertOne({ _id: 1 }));
    expect(error).toMatchObject({ code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 } });
    expect(error.message).toMatch(
      /^E11000 duplicate key error collection: conformance-errors-\w+\.ids index: _id_ dup key: \{ _id: 1 \}/,
    );
  });

  it.each([
    ['an insert', (name: string) => db().collection(name).insertOne({ email: 'a' })],
    [
      'an update',
      (name: string) =>
        db()
          .collection(name)
          .updateOne({ email: 'b' }, { $set: { email: 'a' } }),
    ],
    [
      'a findAndModify',
      (name: string) =>
        db()
          .collection(name)
          .findOneAndUpdate({ email: 'b' }, { $set: { email: 'a' } }),
    ],
    [
      'an upsert',
      (name: string) =>
        db()
          .collection(name)
          .updateOne({ other: 1 }, { $set: { email: 'a' } }, { upsert: true }),
    ],
    ['a replacement', (name: string) => db().collection(name).replaceOne({ email: 'b' }, { email: 'a' })],
  ])('names the unique index that refuses %s', async (kind, write) => {
    const name = kind.replaceAll(' ', '-');
    await db().collection(name).createIndex({ email: 1 }, { unique: true, name: 'one-email' });
    await db()
      .collection(name)
      .insertMany([{ email: 'a' }, { email: 'b' }]);
    const error = await serverErrorOf(write(name));
    expect(error).toMatchObject({ code: 11000, keyPattern: { email: 1 } });
    expect(error.message).toContain(`.${name} index: one-email dup key: {`);
    expect(await db().collection(name).countDocuments({ email: 'a' })).toBe(1);
  });

  it('answers 121 to a document that the collection’s validator refuses', async () => {
    await db().createCollection('validated', {
      validator: {
        $jsonSchema: {
          required: ['name', 'kind'],
          properties: {
            name: { bsonType: 'string' },
            kind: { enum: ['new', 'regular'] },
            secret: { bsonType: ['binData', 'null'] },
            history: {
              bsonType: 'array',
              items: { required: ['at'], properties: { at: { bsonType: 'date' } } },
            },
          },
        },
      },
    });
    const validated = db().collection('validated');
    const good = {
      name: 'a',
      kind: 'new',
      secret: new Binary(Buffer.from('x')),
      history: [{ at: new Date() }],
    };
    await validated.insertOne({ ...good });
    await validated.insertOne({ ...good, secret: null });
    const wrong = [{ name: 1 }, { kind: 'old' }, { secret: 'clear' }, { history: [{ at: 'now' }] }];
    for (const fields of wrong)
      expect(await serverErrorOf(validated.insertOne({ ...good, ...fields }))).toMatchObject({ code: 121 });
    const update = validated.updateOne({ kind: 'new' }, { $set: { kind: 'old' } });
    expect(await serverErrorOf(update)).toMatchObject({ code: 121 });
    expect(await validated.countDocuments()).toBe(2);
  });

  it('answers 50 to what takes longer than maxTimeMS, and stops it', async () => {
    const numbers = db().collection<{ _id: number }>('numbers');
    await numbers.insertMany(Array.from({ length: 3_000 }, (_, _id) => ({ _id })));
    const product = [
      { $lookup: { from: 'numbers', pipeline: [], as: 'others' } },
      { $unwind: '$others' },
      { $group: { _id: null, sum: { $sum: { $multiply: ['$_id', '$others._id'] } } } },
    ];
    const error = await serverErrorOf(numbers.aggregate(product, { maxTimeMS: 60 }).toArray());
    expect(error).toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' });
    expect(await numbers.findOne({ _id: 7 }, { maxTimeMS: 5_000 })).toEqual({ _id: 7 });
  });

  it('answers 43 for a cursor that is not open', async () => {
    const error = await serverErrorOf(
      db().command({ getMore: Long.fromNumber(4711), collection: 'numbers' }),
    );
    expect(error).toMatchObject({ code: 43, codeName: 'CursorNotFound' });
  });

  it('answers 26 to a change of a collection that does not exist', async () => {
    const error = await serverErrorOf(db().command({ collMod: 'nowhere', validationLevel: 'off' }));
    expect(error).toMatchObject({ code: 26, codeName: 'NamespaceNotFound' });
  });

  it('answers 2 or 9 to a query that means nothing', async () => {
    const error = await serverErrorOf(
      db()
        .collection('ids')
        .findOne({ a: { $nonsense: 1 } }),
    );
    expect([2, 9]).toContain(error.code);
  });

  it('goes on answering other requests of the connection after an error', async () => {
    await serverErrorOf(client().db('admin').command({ makeCoffee: 1 }));
    expect(await client().db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});
