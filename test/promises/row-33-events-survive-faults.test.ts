import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Types } from 'mongoose';
import { handler as recordOrder } from '#functions/activity/record-order/handler.ts';
import { handler as recordPayment } from '#functions/activity/record-payment/handler.ts';
import { handler as confirmErasure } from '#functions/rights/confirm-erasure/handler.ts';
import { type RunningDatabase, startDatabase } from '#infra/local/database/start-database.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { anOrderDto, aPaymentDto } from '#test/support/activity.ts';
import { type Environment, startEnvironment } from '#test/support/environment.ts';
import { addErasures, confirmations } from '#test/support/erasure-records.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { polledQueue } from '#test/support/polled-queue.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { aCloudEvent } from '#test/support/queue-messages.ts';
import { aBusinessId, aContext, startService } from '#test/support/service.ts';
import { type StallingProxy, startStallingProxy } from '#test/support/stalling-proxy.ts';
import { adminUriOf, testDatabaseEngine, testDatabaseUri } from '#test/support/test-database.ts';
import { throughProbe } from '#test/support/wire/probe.ts';

/** A kill at each message to the database, or at every so many. */
const FIRST = sized({ short: 6, full: 1 });
const STEP = sized({ short: 24, full: 1 });
const IN_A_BATCH = 3;
const GONE_MS = sized({ short: 1_500, full: 30_000 });
const KEYRING = keyringOf('k1');
const IS_SHARED = testDatabaseEngine() === 'external';

let own: RunningDatabase | undefined;
let proxy: StallingProxy;
let uri: string;
let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  if (!IS_SHARED) own = await startDatabase({ log: () => undefined });
  proxy = await startStallingProxy(own?.uri ?? adminUriOf(testDatabaseUri('row-33-events')));
  uri = await throughProbe(proxy.uri);
  service = await startService('row-33-events', uri);
  useKeyring(KEYRING);
}, 120_000);
afterAll(async () => {
  proxy.resume();
  await service.stop();
  await proxy.stop();
  await own?.stop();
});

/** What a killed process had open, a database that we started lets go at once. */
const letGo = async (): Promise<void> => {
  if (!IS_SHARED) await service.database.getClient().db('admin').command({ killAllSessions: [] });
};

type Handler = (batch: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Events of a kind, and the check that each of them was handled once. */
type Sent = Readonly<{ sent: readonly Readonly<Record<string, unknown>>[]; expectOnce: () => Promise<void> }>;

/** Events that confirm erasures which the database has. */
const confirming = async (count: number): Promise<Sent> => {
  const businessid = aBusinessId();
  const ids = Array.from({ length: count }, aBusinessId);
  await addErasures(service, businessid, ids);
  const source = { source: 'example.invoices', type: 'beeoclock.customer.erasure-confirmed.v1' };
  return {
    sent: ids.map((erasureId) => aCloudEvent({ ...source, businessid, data: { erasureId } })),
    expectOnce: async () => {
      expect(await confirmations(service, ids)).toEqual(ids.map(() => 1));
    },
  };
};

type Fields = Readonly<Record<string, unknown>>;

/** Orders or payments of people whom nobody knows yet: two of each, the second perhaps before the first. */
type OfStrangers = Readonly<{
  /** The source and the type of the events. */
  from: Fields;
  make: (person: Fields) => Fields;
  /** How many count on a link. */
  countedOn: (link: Fields) => number;
}>;

const ofStrangers =
  ({ from, make, countedOn }: OfStrangers) =>
  (count: number): Promise<Sent> => {
    const businessid = aBusinessId();
    const people = Array.from({ length: Math.ceil(count / 2) }, () => {
      const { note: _, ...person } = aCustomer();
      return { _id: aBusinessId(), ...person };
    });
    const all = Array.from({ length: count }, (_, index) => make(people[Math.floor(index / 2)]!));
    const own = { businessId: new Types.ObjectId(businessid) };
    return Promise.resolve({
      sent: all.map((data) => aCloudEvent({ ...from, businessid, data })),
      expectOnce: async () => {
        const collection = (name: string) => service.database.collection(name);
        const links = await collection('customer_link').find(own).toArray();
        const counts = links.map(countedOn).sort((one, other) => other - one);
        expect(counts).toEqual(people.map((_, index) => Math.min(2, count - 2 * index)));
        const kept = await collection('activity').find(own).toArray();
        expect(kept.map(({ sourceId }) => String(sourceId)).sort()).toEqual(
          all.map(({ _id }) => String(_id)).sort(),
        );
      },
    });
  };

const ordering = ofStrangers({
  from: { source: 'beeoclock.order', type: 'beeoclock.order.changed.v1' },
  make: (person) => anOrderDto([person]),
  countedOn: ({ orderCount }) => Number(orderCount),
});

/** All in one currency and of one amount, so that what was paid is counted too. */
const paying = ofStrangers({
  from: { source: 'beeoclock.payment', type: 'beeoclock.payment.changed.v1' },
  make: (person) => aPaymentDto(person, { amount: 10, currency: 'PLN' }),
  countedOn: ({ spend }) => {
    const [{ paid, refunded, payments }] = spend as [Record<string, number>];
    expect({ paid, refunded }).toEqual({ paid: 1_000 * payments!, refunded: 0 });
    return payments!;
  },
});

type Path = Readonly<{ name: string; handler: Handler; make: (count: number) => Promise<Sent> }>;
const PATHS: readonly Path[] = [
  { name: 'confirm-erasure', handler: confirmErasure, make: confirming },
  { name: 'record-order', handler: recordOrder, make: ordering },
  { name: 'record-payment', handler: recordPayment, make: paying },
];

/** Handles a batch in a process that dies with its message number `last` to the database. Tells whether it came so far. */
const killAt = async ({ name, make }: Path, last: number): Promise<boolean> => {
  const { sent, expectOnce } = await make(IN_A_BATCH);
  const start = (): Promise<Environment> => startEnvironment(uri, KEYRING);
  let environment = await start();
  let asked = 0;
  let kill: Promise<void> | undefined;
  proxy.whenAsked(() => {
    asked += 1;
    if (asked === last) kill = environment.kill();
  });
  const queue = polledQueue(async (batch) => {
    try {
      return await environment.run(name, batch, 60_000);
    } catch (error) {
      await kill;
      await letGo();
      environment = await start();
      throw error;
    }
  });
  queue.put(sent);
  expect(await queue.quiet()).toMatchObject({ dead: 0 });
  proxy.whenAsked(() => undefined);
  await environment.stop();
  await expectOnce();
  return kill !== undefined;
};

describe.each(PATHS.map((path) => [path.name, path] as const))('promise 33: %s', (name, path) => {
  const { handler, make } = path;

  it(
    'handles an event once, wherever its process dies',
    async () => {
      let kills = 0;
      for (let last = FIRST; await killAt(path, last); last += STEP) kills += 1;
      expect(kills).toBeGreaterThan(0);
      report(
        33,
        `${name}: a process that handles ${String(IN_A_BATCH)} events killed at ${String(kills)} of its messages to the database, ` +
          `${STEP === 1 ? 'each' : `one in ${String(STEP)}`} (full: each): 0 lost, 0 doubled`,
      );
    },
    PROOF_TIMEOUT_MS * 3,
  );

  it(
    'loses no event while the database is gone',
    async () => {
      const { sent, expectOnce } = await make(20);
      await disconnect();
      const queue = polledQueue((batch) => handler(batch, aContext(60_000)));
      proxy.stall();
      queue.put(sent);
      await pause(GONE_MS);
      proxy.reset();
      proxy.resume();
      const { dead } = await queue.quiet();
      if (dead > 0) queue.redrive();
      expect(await queue.quiet()).toMatchObject({ dead: 0 });
      await expectOnce();
      report(
        33,
        `${name}: database gone for ${String(GONE_MS / 1_000)} s (full: 30 s) amid 20 events: 0 lost, 0 doubled, ` +
          `${String(dead)} were dead letters and redriven`,
      );
    },
    PROOF_TIMEOUT_MS + GONE_MS,
  );

  it(
    'gives back a batch that runs out of time, and handles it once when there is time again',
    async () => {
      const { sent, expectOnce } = await make(10);
      let remainingMs = 5_500;
      const queue = polledQueue((batch) => handler(batch, aContext(remainingMs)));
      proxy.stall();
      queue.put(sent);
      while (queue.batches.length < 2) await pause(10);
      proxy.reset();
      proxy.resume();
      remainingMs = 60_000;
      expect(await queue.quiet()).toMatchObject({ dead: 0 });
      await expectOnce();
      report(33, `${name}: a batch of 10 that ran out of time: 0 lost, 0 doubled`);
    },
    PROOF_TIMEOUT_MS,
  );
});
