import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { type RunningDatabase, startDatabase } from '#infra/local/database/start-database.ts';
import { handler as recountActivity } from '#functions/activity/recount-activity/handler.ts';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { ARCHIVED_FIELDS } from '#lib/store/collections/activity.ts';
import { objectStore } from '#lib/cloud/object-store.ts';
import { openArchiveObject } from '#lib/privacy/archive-object.ts';
import { parseKeyring } from '#lib/privacy/keyring.ts';
import { archived, keep, objectsOf, useArchive } from '#test/support/archived.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { type Environment, startEnvironment } from '#test/support/environment.ts';
import { type KeyringFile, keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { addMany } from '#test/support/many-customers.ts';
import { useObjectEndpoint } from '#test/support/object-endpoint.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { run, startService } from '#test/support/service.ts';
import { hour, store } from '#test/support/stored-activity.ts';
import { testDatabaseEngine, testDatabaseUri } from '#test/support/test-database.ts';
import { throughProbe } from '#test/support/wire/probe.ts';

const CUSTOMERS = sized({ short: 24, full: 10_000 });
const KILLS = sized({ short: 2, full: 100 });
/** Orders and payments of each customer. */
const ORDERS = 2;
const BATCH = 8;
/** How long a run works on, at most, after its first customer. */
const LONGEST_PAUSE_MS = 60;
const LONG_AGO = new Date(Date.UTC(2020, 0, 1));
const IS_SHARED = testDatabaseEngine() === 'external';
const ABANDONED_MS = IS_SHARED ? 60_000 : 0;

let own: RunningDatabase | undefined;
let service: Awaited<ReturnType<typeof startService>>;
let uri: string;
beforeAll(async () => {
  if (!IS_SHARED) own = await startDatabase({ log: () => undefined });
  uri = own === undefined ? testDatabaseUri('row-27-archive') : await throughProbe(own.uri);
  service = await startService('row-27-archive', uri);
}, 120_000);
afterAll(async () => {
  await service.stop();
  await own?.stop();
});
// After the service, which plays a bucket for the ledger alone.
useObjectEndpoint();
useArchive();

/** Archived customers that nobody has touched for years, each with a note. */
const manyArchived = async (business: Business): Promise<string[]> => {
  await business.chooseSettings({ archiveAfterDays: 1 });
  return await addMany(business.businessId, CUSTOMERS, (index) => ({
    firstName: `Canary${String(index)}`,
    email: `canary-${String(index)}@b.example`,
    note: `canary note ${String(index)}`,
    state: 'archived',
    at: LONG_AGO,
  }));
};
/** Gives each customer visits, each with a payment, and the sums that they amount to. */
const giveOrders = async (business: Business, ids: readonly string[]): Promise<void> => {
  for (const customerId of ids) {
    const whose = { business, customerId };
    const starts = Array.from({ length: ORDERS }, (_, index) => ({ startAt: hour(index) }));
    const services = [{ serviceId: new Types.ObjectId(), specialistIds: [], status: 'done' }];
    await store(
      service,
      whose,
      'order',
      starts.map((one) => ({ ...one, services, endAt: one.startAt })),
    );
    await store(service, whose, 'payment', starts);
  }
  const counted = await run(recountActivity, { businessId: business.businessId, fix: true });
  expect(counted).toMatchObject({ different: ids.length });
};
/** Every order and payment of a business, as it is stored. */
const activityOf = async ({ businessId }: Business): Promise<ReadonlyMap<string, object>> => {
  const found = new Map<string, object>();
  const all = service.database.collection('activity').find({ businessId: new Types.ObjectId(businessId) });
  for await (const { _id, ...rest } of all) found.set(String(_id), rest);
  return found;
};
const countIn = (step: string) => service.database.collection('archive').countDocuments({ step });
const away = () => service.database.collection('customer_link').countDocuments({ away: true });

/** What a customer is, without the time and number of its last update. */
const fields = async (business: Business, ids: readonly string[]) => {
  const found = new Map<string, object>();
  for (let page = 1; found.size < ids.length; page += 1) {
    const { items } = (await business.find({ page: String(page), pageSize: '500' })).body;
    if (items.length === 0) break;
    for (const { _id, updatedAt: _at, _version: _, ...rest } of items) found.set(_id, rest);
  }
  return found;
};

/** Starts a run, kills its process amid its work, and lets the time of its lease pass. */
const keepAndKill = async (keyring: KeyringFile): Promise<boolean> => {
  const doomed: Environment = await startEnvironment(uri, keyring);
  const before = await away();
  let isCutShort: boolean | undefined;
  const work = doomed.run('keep-archive', { batchSize: BATCH }).then(
    () => (isCutShort = false),
    () => (isCutShort = true),
  );
  while (isCutShort === undefined && (await away()) === before) await pause(5);
  await pause(randomInt(LONGEST_PAUSE_MS));
  await doomed.kill();
  await work;
  if (!IS_SHARED) await service.database.getClient().db('admin').command({ killAllSessions: [] });
  await service.database.collection('lease').deleteMany({});
  return isCutShort === true;
};

describe('the archive', () => {
  it(
    'gives back every customer as it was, however often its task is killed, and needs no old key',
    async () => {
      const first = keyringOf('k1');
      useKeyring(first);
      const business = aBusiness();
      const ids = await manyArchived(business);
      await giveOrders(business, ids);
      const before = await fields(business, ids);
      expect(before.size).toBe(CUSTOMERS);
      const orders = await activityOf(business);
      expect(orders.size).toBe(CUSTOMERS * ORDERS * 2);
      let killed = 0;
      for (let kill = 0; kill < Math.ceil(KILLS / 2); kill += 1) killed += Number(await keepAndKill(first));
      const amid = await countIn('moving');
      while ((await keep()).outcome !== 'finished');
      expect([await away(), await countIn('away'), await countIn('moving')]).toEqual([
        CUSTOMERS,
        CUSTOMERS,
        0,
      ]);
      const whileAway = await fields(business, ids);
      for (const id of ids) expect(whileAway.get(id)).toEqual({ ...before.get(id), note: null });
      for (const one of (await activityOf(business)).values()) {
        expect(one).toMatchObject({ away: true });
        for (const field of ARCHIVED_FIELDS) expect(one).not.toHaveProperty(field);
      }

      useKeyring(keyringOf('k2', 'k1'));
      const rotation = await run(reencryptCustomers, { settleMs: 0 });
      expect(rotation).toMatchObject({ left: [], troubles: [] });
      expect(rotation.mayBeDropped).toEqual(['k1']);
      const second = keyringOf('k2');
      useKeyring(second);

      for (const id of ids) expect((await business.recall(id)).status).toBe(202);
      for (let kill = 0; kill < Math.floor(KILLS / 2); kill += 1) killed += Number(await keepAndKill(second));
      await business.chooseSettings({ archiveAfterDays: null });
      while ((await keep()).outcome !== 'finished');
      expect([await away(), await service.database.collection('archive').countDocuments()]).toEqual([0, 0]);
      const after = await fields(business, ids);
      for (const id of ids) expect(after.get(id)).toEqual(before.get(id));
      expect(await activityOf(business)).toEqual(orders);
      expect(await run(recountActivity, { businessId: business.businessId })).toMatchObject({ different: 0 });
      const prefix = `archive/${business.businessId}/`;
      const { objects } = await objectStore('things').list({ prefix }, Date.now() + 20_000);
      expect(await run(verifyHistories, { businessId: business.businessId })).toMatchObject({ flawed: [] });
      expect(killed).toBeGreaterThan(0);
      report(
        27,
        `${CUSTOMERS} customers, each with ${ORDERS} orders and payments, moved to the archive and brought back (full: 10,000), ${KILLS} kills (full: 100), of which ` +
          `${killed} amid a run, ${amid} objects half done after the first half: ${CUSTOMERS} equal field by field, ` +
          `0 on the old key after a rotation while all were away, ${objects.length} objects left over`,
      );
    },
    PROOF_TIMEOUT_MS + KILLS * (ABANDONED_MS + 20_000),
  );

  it('has nothing that the whole keyring and the database can open, once a customer is erased', async () => {
    const business = aBusiness();
    await business.chooseSettings({ archiveAfterDays: 1 });
    const { _id } = await archived(service, business, { note: 'canary secret' });
    await keep();
    const [key] = await objectsOf(business, _id);
    const record = await service.database.collection('archive').findOne({ _id: new Types.ObjectId(_id) });
    expect(record?.['dataKey']).toBeDefined();
    expect((await business.erase(_id)).status).toBe(202);
    // The object is left on purpose: a version that is locked, or a copy.
    const { body } = await objectStore('things').get(key!, Date.now() + 5_000);
    const place = { businessId: business.businessId, customerId: _id, auditSeq: record?.['auditSeq'] };
    const ring = parseKeyring(readFileSync(process.env['KEYRING_FILE'] ?? '', 'utf8'));
    const candidates: Buffer[] = [...ring.keys.values()].map((master) => master.export());
    const collect = (value: unknown): void => {
      if (typeof value === 'string') candidates.push(Buffer.from(value), Buffer.from(value, 'base64'));
      if (typeof value !== 'object' || value === null) return;
      if (value instanceof Uint8Array) candidates.push(Buffer.from(value));
      else if ('buffer' in value && value.buffer instanceof Uint8Array)
        candidates.push(Buffer.from(value.buffer));
      else Object.values(value).forEach(collect);
    };
    for (const { name } of await service.database.listCollections())
      for (const document of await service.database.collection(name).find({}).toArray()) collect(document);
    expect(candidates.length).toBeGreaterThan(50);
    let tried = 0;
    for (const bytes of candidates)
      for (let at = 0; at + 32 <= Math.min(bytes.length, 256); at += 1) {
        tried += 1;
        expect(() => openArchiveObject(bytes.subarray(at, at + 32), place, body)).toThrow();
      }
    report(
      27,
      `an object left after its customer was erased: ${tried} keys from the keyring and the database do not open it`,
    );
  });
});
