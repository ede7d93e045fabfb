import { setTimeout as pause } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { handler } from '#functions/rights/confirm-erasure/handler.ts';
import { type RunningDatabase, startDatabase } from '#infra/local/database/start-database.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { type Environment, startEnvironment } from '#test/support/environment.ts';
import { addErasures, confirmations } from '#test/support/erasure-records.ts';
import { keyringOf } from '#test/support/keyrings.ts';
import { polledQueue } from '#test/support/polled-queue.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { aCloudEvent } from '#test/support/queue-messages.ts';
import { aBusinessId, aContext, startService } from '#test/support/service.ts';
import { type StallingProxy, startStallingProxy } from '#test/support/stalling-proxy.ts';
import { adminUriOf, testDatabaseEngine, testDatabaseUri } from '#test/support/test-database.ts';
import { throughProbe } from '#test/support/wire/probe.ts';

/** A kill at each message to the database, or at every so many. */
const STEP = sized({ short: 5, full: 1 });
const IN_A_BATCH = 3;
const GONE_MS = sized({ short: 1_500, full: 30_000 });
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

/** Events that confirm erasures which the database has, and the ids of these. */
const eventsOf = async (count: number) => {
  const businessid = aBusinessId();
  const ids = Array.from({ length: count }, aBusinessId);
  await addErasures(service, businessid, ids);
  const sent = ids.map((erasureId) =>
    aCloudEvent({
      source: 'example.invoices',
      type: 'beeoclock.customer.erasure-confirmed.v1',
      businessid,
      data: { erasureId },
    }),
  );
  return { ids, sent };
};
const handle =
  (remainingMs: number) =>
  (batch: SQSEvent): Promise<SQSBatchResponse> =>
    handler(batch, aContext(remainingMs));
const expectOnce = async (ids: readonly string[]): Promise<void> => {
  expect(await confirmations(service, ids)).toEqual(ids.map(() => 1));
};

/** Handles a batch in a process that dies with its message number `last` to the database. Tells whether it came so far. */
const killAt = async (last: number): Promise<boolean> => {
  const { ids, sent } = await eventsOf(IN_A_BATCH);
  const start = (): Promise<Environment> => startEnvironment(uri, keyringOf('k1'));
  let environment = await start();
  let asked = 0;
  let kill: Promise<void> | undefined;
  proxy.whenAsked(() => {
    asked += 1;
    if (asked === last) kill = environment.kill();
  });
  const queue = polledQueue(async (batch) => {
    try {
      return await environment.run('confirm-erasure', batch, 60_000);
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
  await expectOnce(ids);
  return kill !== undefined;
};

it(
  'promise 33: an event is handled once, wherever its process dies',
  async () => {
    let kills = 0;
    for (let last = 1; await killAt(last); last += STEP) kills += 1;
    expect(kills).toBeGreaterThan(0);
    report(
      33,
      `events: a process that handles ${String(IN_A_BATCH)} killed at ${String(kills)} of its messages to the database, ` +
        `${STEP === 1 ? 'each' : `one in ${String(STEP)}`} (full: each): 0 lost, 0 doubled`,
    );
  },
  PROOF_TIMEOUT_MS * 3,
);

it(
  'promise 33: no event is lost while the database is gone',
  async () => {
    const { ids, sent } = await eventsOf(20);
    await disconnect();
    const queue = polledQueue(handle(60_000));
    proxy.stall();
    queue.put(sent);
    await pause(GONE_MS);
    proxy.reset();
    proxy.resume();
    const { dead } = await queue.quiet();
    if (dead > 0) queue.redrive();
    expect(await queue.quiet()).toMatchObject({ dead: 0 });
    await expectOnce(ids);
    report(
      33,
      `events: database gone for ${String(GONE_MS / 1_000)} s (full: 30 s) amid 20 of them: 0 lost, 0 doubled, ${String(dead)} were dead letters and redriven`,
    );
  },
  PROOF_TIMEOUT_MS + GONE_MS,
);

it(
  'promise 33: a batch that runs out of time is given back, and handled once when there is time again',
  async () => {
    const { ids, sent } = await eventsOf(10);
    let remainingMs = 5_500;
    const queue = polledQueue((batch) => handle(remainingMs)(batch));
    proxy.stall();
    queue.put(sent);
    while (queue.batches.length < 2) await pause(10);
    proxy.reset();
    proxy.resume();
    remainingMs = 60_000;
    expect(await queue.quiet()).toMatchObject({ dead: 0 });
    await expectOnce(ids);
    report(33, `events: a batch of 10 without time twice, then with it: 0 lost, 0 doubled`);
  },
  PROOF_TIMEOUT_MS,
);
