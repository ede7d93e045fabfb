import mongoose, { Schema } from 'mongoose';

/** As one finds it in tutorials: one collection, a model that validates, hydrated documents, no tenant, no audit. */
const Customer = mongoose.model(
  'PlainCustomer',
  new Schema(
    {
      firstName: String,
      lastName: String,
      phone: String,
      email: String,
      note: String,
      customerType: {
        type: String,
        enum: ['regular', 'unregistered', 'new', 'anonymous'],
        default: 'regular',
      },
      stateHistory: [{ _id: false, state: String, setAt: Date }],
    },
    { timestamps: true, collection: 'plain_customer' },
  ),
);

type Event = { pathParameters?: { id: string }; body?: string };
let connecting: Promise<unknown> | undefined;
const connect = () => (connecting ??= mongoose.connect(process.env['MONGODB_URI'] ?? '', { maxPoolSize: 2 }));
const answer = (statusCode: number, body: unknown) => ({ statusCode, body: JSON.stringify(body) });

export const get = async (event: Event) => {
  await connect();
  return answer(200, await Customer.findById(event.pathParameters?.id));
};

export const create = async (event: Event) => {
  await connect();
  const details = JSON.parse(event.body ?? '{}') as Record<string, unknown>;
  return answer(
    201,
    await Customer.create({ ...details, stateHistory: [{ state: 'active', setAt: new Date() }] }),
  );
};

export const find = async () => {
  await connect();
  const [items, totalSize] = await Promise.all([
    Customer.find().sort({ createdAt: -1 }).limit(20),
    Customer.countDocuments(),
  ]);
  return answer(200, { items, totalSize });
};

export const prepare = async () => {
  await connect();
  await Customer.createCollection();
  await Customer.collection.createIndex({ createdAt: -1 });
};
