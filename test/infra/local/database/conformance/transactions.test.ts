import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClientSession } from 'mongodb';
import { connectForFile, serverErrorOf } from './client.ts';

const { client, db } = connectForFile('conformance-transactions');

type Account = { _id: string; balance: number };
const accounts = () => db().collection<Account>('accounts');
const entries = () => db().collection<{ account: string; email?: string }>('entries');

const inSession = async <Result>(work: (session: ClientSession) => Promise<Result>): Promise<Result> => {
  const session = client().startSession();
  try {
    return await work(session);
  } finally {
    await session.endSession();
  }
};

beforeAll(async () => {
  await accounts().insertMany([
    { _id: 'a', balance: 100 },
    { _id: 'b', balance: 0 },
  ]);
  await entries().createIndex({ email: 1 }, { unique: true, sparse: true, name: 'one-email' });
});

describe('the database commits and aborts transactions', () => {
  it('shows what a transaction wrote to others only after the commit', async () => {
    await inSession(async (session) => {
      session.startTransaction();
      await accounts().insertOne({ _id: 'new', balance: 1 }, { session });
      expect(await accounts().findOne({ _id: 'new' })).toBeNull();
      expect(await accounts().findOne({ _id: 'new' }, { session })).toMatchObject({ balance: 1 });
      await session.commitTransaction();
    });
    expect(await accounts().findOne({ _id: 'new' })).toMatchObject({ balance: 1 });
  });

  it('undoes every write of an aborted transaction, in all collections', async () => {
    await inSession(async (session) => {
      session.startTransaction();
      await accounts().updateOne({ _id: 'a' }, { $inc: { balance: -50 } }, { session });
      await entries().insertOne({ account: 'a' }, { session });
      await session.abortTransaction();
    });
    expect(await accounts().findOne({ _id: 'a' })).toMatchObject({ balance: 100 });
    expect(await entries().countDocuments()).toBe(0);
  });

  it('reads one snapshot throughout a transaction', async () => {
    await inSession(async (session) => {
      session.startTransaction();
      const before = await accounts().findOne({ _id: 'b' }, { session });
      await accounts().updateOne({ _id: 'b' }, { $inc: { balance: 5 } });
      expect(await accounts().findOne({ _id: 'b' }, { session })).toEqual(before);
      await session.abortTransaction();
    });
  });

  it('commits again without harm when the driver asks twice', async () => {
    await inSession(async (session) => {
      session.startTransaction();
      await accounts().insertOne({ _id: 'twice', balance: 1 }, { session });
      await session.commitTransaction();
      await session.commitTransaction();
    });
    expect(await accounts().countDocuments({ _id: 'twice' })).toBe(1);
  });

  it('aborts the whole transaction at a duplicate key', async () => {
    await entries().insertOne({ account: 'a', email: 'taken' });
    await inSession(async (session) => {
      session.startTransaction();
      await accounts().updateOne({ _id: 'a' }, { $set: { balance: 0 } }, { session });
      const refused = await serverErrorOf(entries().insertOne({ account: 'b', email: 'taken' }, { session }));
      expect(refused.code).toBe(11000);
      expect(await serverErrorOf(session.commitTransaction())).toMatchObject({ code: 251 });
    });
    expect(await accounts().findOne({ _id: 'a' })).toMatchObject({ balance: 100 });
  });

  it('rolls back what a vanished session left open', async () => {
    const session = client().startSession();
    session.startTransaction();
    await accounts().updateOne({ _id: 'b' }, { $set: { balance: -1 } }, { session });
    await db()
      .admin()
      .command({ killSessions: [session.id] });
    await accounts().updateOne({ _id: 'b' }, { $set: { balance: 7 } });
    expect(await accounts().findOne({ _id: 'b' })).toMatchObject({ balance: 7 });
    await session.endSession();
  });
});

describe('transactions that get in each other’s way', () => {
  it('answers 112 with the label TransientTransactionError to the second writer of a document', async () => {
    await inSession(async (first) =>
      inSession(async (second) => {
        first.startTransaction();
        second.startTransaction();
        await accounts().updateOne({ _id: 'a' }, { $inc: { balance: 1 } }, { session: first });
        const conflict = await serverErrorOf(
          accounts().updateOne({ _id: 'a' }, { $inc: { balance: 1 } }, { session: second }),
        );
        expect(conflict.code).toBe(112);
        expect(conflict.hasErrorLabel('TransientTransactionError')).toBe(true);
        await second.abortTransaction();
        await first.abortTransaction();
      }),
    );
  });

  it('answers 112 when the document changed after the transaction began', async () => {
    await inSession(async (session) => {
      session.startTransaction();
      await accounts().findOne({ _id: 'b' }, { session });
      await accounts().updateOne({ _id: 'b' }, { $inc: { balance: 1 } });
      const write = accounts().updateOne({ _id: 'b' }, { $inc: { balance: 1 } }, { session });
      expect(await serverErrorOf(write)).toMatchObject({ code: 112 });
      await session.abortTransaction();
    });
  });

  it('loses no increment among twenty writers of one document that try again', async () => {
    await accounts().insertOne({ _id: 'shared', balance: 0 });
    const increment = () =>
      inSession((session) =>
        session.withTransaction(async () => {
          const found = await accounts().findOne({ _id: 'shared' }, { session });
          await accounts().updateOne(
            { _id: 'shared' },
            { $set: { balance: (found?.balance ?? 0) + 1 } },
            { session },
          );
        }),
      );
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await accounts().findOne({ _id: 'shared' })).toMatchObject({ balance: 20 });
  });

  it.each([1, 2, 3])('lets exactly one of twenty equal creates win (round %i)', async (round) => {
    const email = `same-${round}`;
    const create = (_: unknown, account: number) =>
      inSession((session) =>
        session.withTransaction(async () => {
          await accounts().insertOne({ _id: `${email}-${account}`, balance: 0 }, { session });
          await entries().insertOne({ account: `${email}-${account}`, email }, { session });
        }),
      );
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, create));
    const codes = outcomes.flatMap((one) =>
      one.status === 'rejected' ? [Reflect.get(one.reason, 'code')] : [],
    );
    expect(codes).toEqual(Array.from({ length: 19 }, () => 11000));
    expect(await entries().countDocuments({ email })).toBe(1);
    expect(await accounts().countDocuments({ _id: { $regex: `^${email}-` } })).toBe(1);
  });

  it('lets a plain write wait for a transaction instead of failing', async () => {
    await inSession(async (session) => {
      session.startTransaction();
      await accounts().updateOne({ _id: 'a' }, { $set: { balance: 1 } }, { session });
      const waiting = accounts().updateOne({ _id: 'a' }, { $inc: { balance: 10 } });
      await session.commitTransaction();
      expect(await waiting).toMatchObject({ matchedCount: 1 });
    });
    expect(await accounts().findOne({ _id: 'a' })).toMatchObject({ balance: 11 });
  });

  it('lets a plain write wait no longer than its maxTimeMS', async () => {
    await inSession(async (session) => {
      session.startTransaction();
      await accounts().updateOne({ _id: 'a' }, { $set: { balance: 1 } }, { session });
      const update = accounts().updateOne({ _id: 'a' }, { $inc: { balance: 10 } }, { maxTimeMS: 80 });
      expect(await serverErrorOf(update)).toMatchObject({ code: 50 });
      await session.abortTransaction();
    });
    expect(await accounts().findOne({ _id: 'a' })).toMatchObject({ balance: 11 });
  });

  it('lets exactly one of twenty equal plain inserts win', async () => {
    const inserts = Array.from({ length: 20 }, () => entries().insertOne({ account: 'x', email: 'plain' }));
    const outcomes = await Promise.allSettled(inserts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await entries().countDocuments({ email: 'plain' })).toBe(1);
  });
});
