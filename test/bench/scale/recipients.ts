import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Types } from 'mongoose';
import { type Db, MongoClient } from 'mongodb';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { newCustomer } from '#lib/domain/customers/customer.ts';
import type { Sending, Whom } from '#lib/domain/messages/recipients.ts';
import { collections } from '#lib/store/collections/collections.ts';
import { noCounts } from '#lib/store/collections/customer-link.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { toDocument } from '#lib/store/customers/document.ts';
import { mirrorOf, timeKey } from '#lib/store/customers/link.ts';
import { keysOf } from '#lib/store/keys/request-keys.ts';
import { countMembers } from '#lib/store/lists/recipient-counts.ts';
import { readRecipients } from '#lib/store/lists/recipients.ts';
import { migrate } from '#lib/store/migrations/migrate.ts';
import { aScope, aSystemScope } from '#test/support/a-scope.ts';
import { load, median, milliseconds, ratio, say } from '../figures.ts';
import { startKeptDatabase } from '../kept-database.ts';

/**
 * What a page of 500 recipients and the counts of a segment cost with the number of customers in the business:
 * `node infra/dev/run-on-node-24.mjs --no-stdout test/bench/scale/recipients.ts 10000 100000`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '15' } },
});
const sizes = (positionals.length === 0 ? ['10000', '100000'] : positionals).map(Number);
const rounds = Number(values.rounds);
const BUSINESS = 'c'.repeat(24);
const AT_ONCE = 2_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
const NOW = new Date();

/** One customer as it is stored, without a search or a history: neither is read here. */
const drawn = async (index: number) => {
  const id = new Types.ObjectId();
  const at = new Date(NOW.getTime() - (index % 700) * DAY_MS);
  const fields = {
    firstName: `F${String(index)}`,
    lastName: 'L',
    email: `e${String(index)}@b.example`,
    phone: null,
  };
  const customer = newCustomer(
    id.toHexString(),
    {
      ...fields,
      note: null,
      customerType: index % 4 === 0 ? 'unregistered' : 'new',
      state: index % 10 === 0 ? 'archived' : 'active',
    },
    { at, settings: DEFAULT_SETTINGS },
  );
  const keys = await keysOf({ businessId: BUSINESS });
  const visits = index % 5;
  const last = new Date(NOW.getTime() - (index % 400) * DAY_MS);
  const link = {
    businessId: new Types.ObjectId(BUSINESS),
    customerId: id,
    ...mirrorOf(customer, { keys, settings: DEFAULT_SETTINGS }),
    ...noCounts(),
    searchTokens: [],
    matchKeys: [],
    auditSeq: 1,
    auditHead: randomBytes(32),
    keyUse: 'k',
    ...(index % 3 > 0 && { granted: ['marketing:email'], mayReach: ['marketing:email'], refused: [] }),
    ...(visits > 0 && {
      visitCount: visits,
      firstVisitAt: at,
      lastVisitAt: last,
      visitKey: timeKey(last, id.toHexString()),
    }),
  };
  return { link, document: toDocument(customer, keys) };
};

const fill = async (database: Db, size: number): Promise<void> => {
  if ((await database.collection('customer_link').estimatedDocumentCount()) >= size) return;
  const startedAt = performance.now();
  const { indexes } = collections.customer_link;
  for (const { name } of indexes) await database.collection('customer_link').dropIndex(name);
  await database.collection('customer_link').deleteMany({});
  await database.collection('customer').deleteMany({});
  for (let first = 0; first < size; first += AT_ONCE) {
    const all = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, size - first) }, (_, index) => drawn(first + index)),
    );
    await database.collection('customer').insertMany(all.map(({ document }) => document));
    await database.collection('customer_link').insertMany(all.map(({ link }) => link));
  }
  for (const { key, ...options } of indexes)
    await database.collection('customer_link').createIndex({ ...key }, options);
  say(`${String(size)} customers in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
};

type Question = Readonly<{ whom: Whom; sending: Sending }>;
const MARKETING: Sending = { purpose: 'marketing', channel: 'email' };
const EVERYBODY: Whom = { definition: { visitsAtLeast: 0 } };
const QUESTIONS: Readonly<Record<string, Question>> = {
  'marketing, by grant': { whom: EVERYBODY, sending: MARKETING },
  'marketing, by last visit': {
    whom: { definition: { lastVisitAfter: { daysAgo: 300 } } },
    sending: MARKETING,
  },
  'reminders, by creation': { whom: EVERYBODY, sending: { purpose: 'reminders', channel: 'email' } },
};
const SEGMENTS = {
  'size of everybody': { visitsAtLeast: 0 },
  'size of regulars': { customerTypes: ['new' as const], visitsAtLeast: 3 },
  'size by last visit': { lastVisitBefore: { daysAgo: 180 } },
  'size by first visit': { firstVisitAfter: { daysAgo: 180 } },
  'size by consent': { consent: { purpose: 'marketing', channel: 'email' as const } },
};

const scope = () =>
  aScope(BUSINESS, { role: 'SERVICE', purpose: 'send-messages', deadline: Date.now() + 600_000 });
const page = (question: Question, more: { cursor?: string | null; isCountOnly?: boolean } = {}) =>
  readRecipients(
    { ...question, pageSize: 500, cursor: null, isCountOnly: false, now: NOW, ...more },
    scope(),
  );

/** Everything that is measured on one size, by its name. */
const subjects = async (): Promise<[string, () => Promise<unknown>][]> => {
  const all: [string, () => Promise<unknown>][] = [];
  for (const [name, question] of Object.entries(QUESTIONS)) {
    const { nextCursor: second } = await page(question);
    all.push([`page 2 of 500, ${name}`, () => page(question, { cursor: second })]);
    all.push([`counts, ${name}`, () => page(question, { isCountOnly: true })]);
  }
  for (const [name, definition] of Object.entries(SEGMENTS))
    all.push([name, () => countMembers(definition, NOW, scope())]);
  return all;
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

const database = await startKeptDatabase('recipients');
const client = await MongoClient.connect(database.uri);
const samples = new Map<string, number[][]>();
try {
  const on = async (size: number): Promise<void> => {
    await disconnect();
    const uri = new URL(database.uri);
    uri.pathname = `/recipients-${String(size)}`;
    process.env['MONGODB_URI'] = uri.href;
  };
  for (const size of sizes) {
    await on(size);
    await migrate(aSystemScope('migrate-database'));
    await fill(client.db(`recipients-${String(size)}`), size);
  }
  for (let round = 0; round < rounds; round += 1)
    for (const [at, size] of sizes.entries()) {
      await on(size);
      for (const [name, call] of await subjects()) {
        await call();
        const ofSizes = samples.get(name) ?? sizes.map((): number[] => []);
        ofSizes[at]?.push(await timed(call));
        samples.set(name, ofSizes);
      }
    }
  say(`medians of ${String(rounds)} interleaved rounds at ${sizes.join(' and ')} customers, load ${load()}`);
  for (const [name, ofSizes] of samples) {
    const medians = ofSizes.map(median);
    say(
      `  ${name}: ${medians.map(milliseconds).join(', ')} (${ratio(medians.at(-1) ?? NaN, medians[0] ?? NaN)})`,
    );
  }
  say(`engine ${database.engine}`);
} finally {
  await disconnect();
  await client.close();
  await database.stop();
}
process.exit(0);
