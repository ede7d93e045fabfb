import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Context } from 'aws-lambda';
import mongoose, { Types } from 'mongoose';
import { handler } from '#functions/messages/relay-events/handler.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { migrate } from '#lib/store/migrations/migrate.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { busEnvironment, startBus } from '#test/support/fake-bus.ts';
import { load, median, say } from './figures.ts';
import { keptFolder, startKeptDatabase } from './kept-database.ts';

/** `npm run bench:relay -- 10000`: how many events a second reach the bus, and how late the last of so many is. */
const sizes = (process.argv.length > 2 ? process.argv.slice(2) : ['10000']).map(Number);

await rm(keptFolder('relay'), { recursive: true, force: true });
const database = await startKeptDatabase('relay');
const uri = new URL(database.uri);
uri.pathname = '/relay';
process.env['MONGODB_URI'] = uri.href;
const bus = await startBus();
Object.assign(process.env, busEnvironment(bus));
await migrate(aSystemScope('migrate-database'));
const connection = await mongoose.createConnection(uri.href).asPromise();
const outbox = connection.collection('outbox');

/** Events that were all written now, of so many customers. */
const fill = async (count: number, customers: number): Promise<void> => {
  await outbox.deleteMany({});
  const ids = Array.from({ length: customers }, () => new Types.ObjectId());
  const businessId = new Types.ObjectId();
  const at = new Date();
  const documents = Array.from({ length: count }, (_, index) => ({
    ...{
      _id: new Types.ObjectId(),
      type: 'customer-changed',
      businessId,
      customerId: ids[index % customers]!,
    },
    ...{ seq: Math.floor(index / customers) + 1, version: 1, state: 'active', at, fields: ['note'] },
    pending: true,
  }));
  for (let first = 0; first < count; first += 1_000)
    await outbox.insertMany(documents.slice(first, first + 1_000));
};

const runRelay = async (): Promise<any> => {
  const startedAt = Date.now();
  const context = {
    awsRequestId: randomBytes(8).toString('hex'),
    getRemainingTimeInMillis: () => 900_000 - (Date.now() - startedAt),
  } as Context;
  return await handler({}, context);
};

const measure = async (count: number, customers: number, answerMs: number): Promise<void> => {
  await fill(count, customers);
  bus.answerMs = answerMs;
  bus.accepted.length = 0;
  const startedAt = performance.now();
  const arrivals: number[] = [];
  bus.temper = (events) => {
    arrivals.push(...events.map(() => performance.now() - startedAt));
    return events.map(() => null);
  };
  const { published } = await runRelay();
  if (published !== count) throw new Error(`${String(published)} of ${count} events were published.`);
  const seconds = (arrivals.at(-1) ?? 0) / 1_000;
  say(
    `  ${count} events at once of ${customers} customers, a bus that answers in ${answerMs} ms: ${(count / seconds).toFixed(0)} a second, ` +
      `the middle one after ${(median(arrivals) / 1_000).toFixed(1)} s, the last after ${seconds.toFixed(1)} s`,
  );
};

try {
  say(`load ${load()}`);
  for (const size of sizes) {
    await measure(size, Math.ceil(size / 10), 0);
    await measure(size, Math.ceil(size / 10), 20);
    await measure(Math.ceil(size / 10), 1, 20);
  }
  say(`engine ${database.engine}, load ${load()}`);
} finally {
  await connection.destroy();
  await disconnect();
  await bus.stop();
  await database.stop();
}
process.exit(0);
