import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { type RunningDatabase, startDatabase } from '#infra/local/database/start-database.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { type Environment, startEnvironment } from '#test/support/environment.ts';
import { type KeyringFile, keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { run, startService } from '#test/support/service.ts';
import { testDatabaseEngine, testDatabaseUri } from '#test/support/test-database.ts';
import { throughProbe } from '#test/support/wire/probe.ts';

const LIVES = sized({ short: 6, full: 100 });
const OTHERS = sized({ short: 3, full: 50 });
const KILLS = sized({ short: 4, full: 200 });
const COPIES = 3;
/** How long an environment works on, at most, after its first write. */
const LONGEST_PAUSE_MS = 80;
const IS_SHARED = testDatabaseEngine() === 'external';
const ABANDONED_MS = IS_SHARED ? 60_000 : 0;

let own: RunningDatabase | undefined;
let service: Awaited<ReturnType<typeof startService>>;
let uri: string;
beforeAll(async () => {
  if (!IS_SHARED) own = await startDatabase({ log: () => undefined });
  uri = own === undefined ? testDatabaseUri('row-27-kills') : await throughProbe(own.uri);
  service = await startService('row-27-kills', uri);
}, 120_000);
afterAll(async () => {
  await service.stop();
  await own?.stop();
});
const collection = (name: string) => service.database.collection(name);

/** A customer with a reason, a consent, a recorded answer and somebody merged in; both ids. */
const live = async (business: Business): Promise<string[]> => {
  const { _id } = await added(business);
  const headers = { 'if-match': '*', 'idempotency-key': _id };
  await business.setState(_id, { state: 'suspended', reason: `canary reason of ${_id}` }, { headers });
  const said = { purpose: 'marketing', channel: 'email', granted: true, source: 'desk' };
  await business.record(_id, [{ ...said, lawfulBasis: 'consent', givenAt: '2026-01-01T00:00:00.000Z' }]);
  const { _id: loserId } = await added(business);
  expect((await business.merge(_id, { loserId })).status).toBe(200);
  return [_id, loserId];
};

/** The collections that have documents of a customer, and the field that names it. */
const PARTS = [
  ['customer', '_id'],
  ['customer_link', 'customerId'],
  ['customer_audit', 'customerId'],
  ['consent', 'customerId'],
  ['merge', '_id'],
] as const;
const partsOf = async (ids: readonly Types.ObjectId[]): Promise<string[]> => {
  const parts = PARTS.map(async ([name, field]) =>
    JSON.stringify(
      await collection(name)
        .find({ [field]: { $in: [...ids] } })
        .sort({ _id: 1 })
        .toArray(),
    ),
  );
  return await Promise.all(parts);
};

/** How many documents, reasons and answers are left of customers whose erasure has ended. */
const leftOf = async (ids: readonly Types.ObjectId[]): Promise<Record<string, number>> => {
  const those = { $in: [...ids] };
  return {
    customer: await collection('customer').countDocuments({ _id: those }),
    link: await collection('customer_link').countDocuments({ customerId: those }),
    consent: await collection('consent').countDocuments({ customerId: those }),
    merge: await collection('merge').countDocuments({ _id: those }),
    reason: await collection('customer_audit').countDocuments({
      customerId: those,
      reason: { $exists: true },
    }),
    answer: await collection('idempotency').countDocuments({
      customerIds: those,
      answer: { $exists: true },
    }),
    open: await collection('erasure').countDocuments({ _id: those, open: true }),
    unledgered: await collection('erasure').countDocuments({ _id: those, unledgered: true }),
  };
};
const NOTHING = {
  ...{ customer: 0, link: 0, consent: 0, merge: 0, reason: 0, answer: 0 },
  ...{ open: 0, unledgered: 0 },
};

const erase = async (environment: Environment, { businessId }: Business, id: string): Promise<number> => {
  const body = { reason: 'asked by letter' };
  return (await environment.call('erase-customer', { businessId, id, body })).status;
};

/** How far the erasures are, to see that another step was written. */
const progress = async (): Promise<string> => {
  const counts = [{}, { open: true }, { unledgered: true }].map((filter) =>
    collection('erasure').countDocuments(filter),
  );
  const consents = collection('consent').countDocuments();
  const reasons = collection('customer_audit').countDocuments({ reason: { $exists: true } });
  return (await Promise.all([...counts, consents, reasons])).join(' ');
};

/** Starts an erasure and the task that ends erasures, kills their process amid both, and frees the lease. */
const eraseAndKill = async (keyring: KeyringFile, business: Business, id: string): Promise<boolean> => {
  const doomed = await startEnvironment(uri, keyring);
  const before = await progress();
  let isCutShort = false;
  let ended = 0;
  const work = [erase(doomed, business, id), doomed.run('finish-erasures', { batchSize: 2 })].map((one) =>
    one
      .catch(() => {
        isCutShort = true;
      })
      .finally(() => {
        ended += 1;
      }),
  );
  while (ended < work.length && (await progress()) === before) await pause(5);
  await pause(randomInt(LONGEST_PAUSE_MS));
  await doomed.kill();
  await Promise.all(work);
  if (!IS_SHARED) await service.database.getClient().db('admin').command({ killAllSessions: [] });
  await collection('lease').deleteMany({});
  return isCutShort;
};

it(
  'an erasure ends whole, once in the ledger and without touching anybody else, however often it is killed',
  async () => {
    const keyring = keyringOf('k1');
    useKeyring(keyring);
    const business = aBusiness();
    const lives: string[][] = [];
    for (let count = 0; count < LIVES; count += 1) lives.push(await live(business));
    const others: Types.ObjectId[] = [];
    for (let count = 0; count < OTHERS; count += 1)
      others.push(...(await live(business)).map((id) => new Types.ObjectId(id)));
    const before = await partsOf(others);
    const ids = lives.flat().map((id) => new Types.ObjectId(id));

    let cutShort = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const [id = ''] = lives[kill % LIVES] ?? [];
      cutShort += Number(await eraseAndKill(keyring, business, id));
    }
    const begun = await collection('erasure').countDocuments();
    for (const [id = ''] of lives) expect([200, 202]).toContain((await business.erase(id)).status);
    const copies = await Promise.all(Array.from({ length: COPIES }, () => startEnvironment(uri, keyring)));
    await Promise.all(copies.map((copy) => copy.run('finish-erasures')));
    expect(await copies[0]?.run('finish-erasures')).toMatchObject({ outcome: 'finished', finished: 0 });
    await Promise.all(copies.map((copy) => copy.stop()));

    expect(await leftOf(ids)).toEqual(NOTHING);
    for (const id of lives.flat())
      expect((await business.erasure(id)).body).toMatchObject({
        ledgered: true,
        finishedAt: expect.any(String),
      });
    const lines: string[] = service.ledger.lines().map(({ customerId }) => customerId);
    expect([...new Set(lines)].sort()).toEqual(lives.flat().sort());
    expect(await partsOf(others)).toEqual(before);
    const verdict = await run(verifyHistories, { businessId: business.businessId });
    expect(verdict).toMatchObject({ flawed: [] });
    expect(cutShort).toBeGreaterThan(0);
    report(
      27,
      `${LIVES} erasures with as many merged in (full: 100), ${KILLS} kills (full: 200), of which ${cutShort} amid work and ` +
        `${begun} erasures begun by then, then ${COPIES} copies at once: all done, 0 left over, each customer in the ledger ` +
        `(${lines.length - ids.length} lines twice), ${OTHERS} others untouched`,
    );
  },
  PROOF_TIMEOUT_MS + KILLS * (ABANDONED_MS + 20_000),
);
