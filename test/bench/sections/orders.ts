import { MongoClient, ObjectId } from 'mongodb';
import { BUSINESS_ID, context, event } from '../asked.ts';
import { compared, type Row, say } from '../figures.ts';
import { warmMedians } from '../medians.ts';
import { oursOn } from '../ours.ts';
import { openBundle, type Site } from '../site.ts';

const ORDERS = 10_000;
const DEEP_PAGE = 50;
const WARM_UP = 300;
const FIRST = Date.UTC(2020, 0, 1);
const HOUR_MS = 3_600_000;

const KINDS = {
  'find-orders': { kind: 'order', status: 'done', counts: 'visit' },
  'find-payments': {
    ...{ kind: 'payment', status: 'succeeded', counts: 'paid' },
    ...{ minor: 12_500, currency: 'PLN', method: 'CASH' },
  },
} as const;

/** Gives one customer 10,000 orders and as many payments. */
const fill = async (uri: string, customer: string): Promise<void> => {
  const client = await MongoClient.connect(uri);
  const [businessId, customerId] = [new ObjectId(BUSINESS_ID), new ObjectId(customer)];
  for (const parts of Object.values(KINDS)) {
    const documents = Array.from({ length: ORDERS }, (_, index) => ({
      ...{ businessId, customerId, attendeeIds: [customerId], sourceId: new ObjectId(), ...parts },
      stamp: `${FIRST}event`,
      startAt: new Date(FIRST + index * HOUR_MS),
      ...(parts.kind === 'order' && {
        services: [{ serviceId: new ObjectId(), specialistIds: [new ObjectId()], status: 'done' }],
      }),
    }));
    await client.db().collection('activity').insertMany(documents);
  }
  await client.close();
};

/** Pages of the orders and payments of a customer with 10,000 of each: deep ones against the first. */
export const orderRows = async (site: Site, rounds: number): Promise<Row[]> => {
  const uri = site.uriOf('orders');
  const { ids } = await oursOn(site, uri);
  const id = ids[0]!;
  await fill(uri, id);
  const rows: Row[] = [];
  for (const name of ['find-orders', 'find-payments'] as const) {
    const handler = openBundle(site.bundleOf(name));
    const ask = async (cursor?: string): Promise<{ nextCursor?: string }> => {
      const queryStringParameters = cursor === undefined ? {} : { cursor };
      const { statusCode, body } = await handler(
        event({ pathParameters: { id }, queryStringParameters }),
        context,
      );
      if (statusCode !== 200) throw new Error(`${name} answered ${body}`);
      return JSON.parse(body);
    };
    // The cursor after page n leads to page n + 1.
    const cursors: string[] = [];
    while (cursors.length < DEEP_PAGE - 1) cursors.push((await ask(cursors.at(-1))).nextCursor!);
    const subjects = [
      { name: 'page 1', call: () => ask() },
      { name: 'page 2', call: () => ask(cursors[0]) },
      { name: 'page 50', call: () => ask(cursors.at(-1)) },
    ];
    const medians = await warmMedians(subjects, { rounds: rounds * 5, warmUp: WARM_UP, inARow: 5 });
    const of = (page: string) => medians.get(page) ?? Number.NaN;
    rows.push(
      compared(`${name}, page 50`, [of('page 50'), of('page 1')], {
        against: 'page 1',
        must: 1.5,
        goal: 1.1,
      }),
      compared(`${name}, page 50`, [of('page 50'), of('page 2')], {
        against: 'page 2',
        must: 1.5,
        goal: 1.1,
      }),
    );
    say(`${name}: measured`);
  }
  return rows;
};
