import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection, Schema } from 'mongoose';
import { unprobedDatabaseUri } from '#test/support/test-database.ts';

const connection = createConnection(unprobedDatabaseUri('conformance-mongoose'), {
  autoCreate: false,
  autoIndex: false,
  bufferCommands: false,
});

const entrySchema = new Schema({ state: String, setAt: Date }, { _id: false });
const customerSchema = new Schema(
  { firstName: String, email: Buffer, history: { type: [entrySchema], default: [] } },
  { timestamps: true, optimisticConcurrency: true, strictQuery: 'throw' },
);
customerSchema.index({ email: 1 }, { unique: true, sparse: true, name: 'one-email' });
const Customer = connection.model('Customer', customerSchema, 'customers');

beforeAll(async () => {
  await connection.asPromise();
  await Customer.createCollection();
  await Customer.createIndexes();
});

afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describe('Mongoose on the database', () => {
  it('creates, reads lean, and stamps times', async () => {
    const created = await Customer.create({ firstName: 'Anna', email: Buffer.from('a') });
    const read = await Customer.findById(created._id).lean();
    expect(read).toMatchObject({ firstName: 'Anna', __v: 0, createdAt: expect.any(Date), history: [] });
    expect(Buffer.from(read?.email?.buffer ?? []).toString()).toBe('a');
  });

  it('refuses to save a document that changed meanwhile', async () => {
    const { _id } = await Customer.create({ firstName: 'Bo' });
    const [first, second] = [await Customer.findById(_id), await Customer.findById(_id)];
    await first?.set('firstName', 'Bob').save();
    await expect(second?.set('firstName', 'Bobby').save()).rejects.toMatchObject({ name: 'VersionError' });
  });

  it('reports a duplicate key by its index', async () => {
    await Customer.create({ email: Buffer.from('taken') });
    await expect(Customer.create({ email: Buffer.from('taken') })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { email: 1 },
    });
  });

  it('inserts many, in order and not', async () => {
    const drafts = ['m1', 'm1', 'm2'].map((email) => ({ email: Buffer.from(email) }));
    await expect(Customer.insertMany(drafts, { ordered: false })).rejects.toMatchObject({ code: 11000 });
    const stored = ['m1', 'm2'].map((email) => Buffer.from(email));
    expect(await Customer.countDocuments({ email: { $in: stored } })).toBe(2);
  });

  it('updates by a filter with the version, and by a pipeline', async () => {
    const { _id } = await Customer.create({ firstName: 'Cy' });
    const change = { $set: { firstName: 'Cyd' }, $inc: { __v: 1 }, $push: { history: { state: 'active' } } };
    expect(await Customer.updateOne({ _id, __v: 0 }, change)).toMatchObject({ matchedCount: 1 });
    expect(await Customer.updateOne({ _id, __v: 0 }, change)).toMatchObject({ matchedCount: 0 });
    await Customer.updateOne({ _id }, [{ $set: { firstName: { $toUpper: '$firstName' } } }], {
      updatePipeline: true,
    });
    expect(await Customer.findById(_id).lean()).toMatchObject({ firstName: 'CYD', __v: 1 });
  });

  it('commits and rolls back a transaction', async () => {
    await connection.transaction(async (session) => {
      await Customer.create([{ firstName: 'committed' }], { session });
    });
    const failing = connection.transaction(async (session) => {
      await Customer.create([{ firstName: 'rolled back' }], { session });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await Customer.countDocuments({ firstName: 'committed' })).toBe(1);
    expect(await Customer.countDocuments({ firstName: 'rolled back' })).toBe(0);
  });

  it('writes in bulk across models, casting and stamping', async () => {
    await connection.bulkWrite([
      { model: 'Customer', name: 'insertOne', document: { firstName: 'bulk' } },
      { model: 'Customer', name: 'updateOne', filter: { firstName: 'bulk' }, update: { email: 'text' } },
    ]);
    const stored = await Customer.findOne({ firstName: 'bulk' }).lean();
    expect(stored).toMatchObject({ createdAt: expect.any(Date), email: expect.anything() });
  });

  it('walks a cursor and an aggregate', async () => {
    const names: unknown[] = [];
    for await (const customer of Customer.find().sort({ firstName: 1 }).cursor({ batchSize: 2 }))
      names.push(customer.firstName);
    const [counted] = await Customer.aggregate([{ $count: 'all' }]);
    expect(names).toHaveLength(Number(counted?.all));
  });
});
