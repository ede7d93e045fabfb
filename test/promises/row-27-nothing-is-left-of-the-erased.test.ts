import { describe, expect, it } from '@jest/globals';
import { type mongo, Types } from 'mongoose';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { ValueIndex } from '#test/support/canaries.ts';
import { searchAtRest } from '#test/support/data-at-rest.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentsIn } from '#test/support/stored.ts';
import { commandsOf } from '#test/support/wire/probe.ts';

const service = useService('row-27');
const LIVES = sized({ short: 12, full: 500 });
/** Of one life. */
const REASONS = sized({ short: 30, full: 10_000 });
const CONSENTS = sized({ short: 40, full: 5_000 });
const ANSWERS = sized({ short: 20, full: 200 });
const ORDERS = sized({ short: 40, full: 10_000 });
const RACES = sized({ short: 30, full: 1_000 });
const CONSENTS_AT_ONCE = 20;
const LARGEST_TRANSACTION = 1_000;

const values = new ValueIndex();

const consent = (channel: string, minute: number) => ({
  ...{ purpose: 'marketing', channel, granted: true, source: 'desk', lawfulBasis: 'consent' },
  givenAt: new Date(Date.UTC(2020, 0, 1, 0, minute)).toISOString(),
});

/** Orders of a customer as they are stored, each with its source. */
const addOrders = async ({ businessId: business }: Business, id: string, many: number): Promise<void> => {
  const [businessId, customerId] = [business, id].map((hex) => new Types.ObjectId(hex));
  const sources = Array.from({ length: many }, (_, index) => ({
    ...{
      businessId,
      kind: 'order',
      sourceId: new Types.ObjectId(),
      stamp: `${String(index).padStart(13, '0')}e`,
    },
  }));
  await service.database.collection('activity_source').insertMany(sources.map((source) => ({ ...source })));
  await service.database.collection('activity').insertMany(
    sources.map(({ ...source }, index) => ({
      ...{ ...source, customerId, attendeeIds: [customerId, new Types.ObjectId()], status: 'done' },
      ...{ counts: 'visit', startAt: new Date(Date.UTC(2020, 0, 1, index)), services: [] },
    })),
  );
};

/** A customer whose every value is looked for afterwards, with reasons, consents, recorded answers and a merge. */
const live = async (
  business: Business,
  size = { reasons: 2, consents: 2, answers: 2, orders: 2, merged: 1 },
) => {
  const learned = async () => {
    const draft = aCustomer();
    for (const value of [draft.firstName, draft.lastName, draft.email, draft.phone, draft.note])
      if (value !== 'Anna Canary') values.add(value);
    return await added(business, draft);
  };
  const { _id } = await learned();
  for (let count = 0; count < size.reasons; count += 1) {
    const reason = `canary reason ${String(count)} of ${_id}`;
    values.add(reason);
    await business.setState(_id, { state: count % 2 === 0 ? 'suspended' : 'active', reason });
  }
  for (let count = 0; count < size.consents; count += CONSENTS_AT_ONCE) {
    const many = Math.min(CONSENTS_AT_ONCE, size.consents - count);
    const entries = Array.from({ length: many }, (_, index) =>
      consent(['email', 'sms', 'phone', 'post'][index % 4]!, count + index),
    );
    expect((await business.record(_id, entries)).status).toBe(200);
  }
  for (let count = 0; count < size.answers; count += 1)
    await business.setState(
      _id,
      { state: count % 2 === 0 ? 'suspended' : 'active' },
      { headers: { 'if-match': '*', 'idempotency-key': `${_id} ${String(count)}` } },
    );
  await addOrders(business, _id, size.orders);
  const ids = [_id];
  for (let count = 0; count < size.merged; count += 1) {
    const { _id: loserId } = await learned();
    expect((await business.merge(_id, { loserId })).status).toBe(200);
    ids.push(loserId);
  }
  return ids;
};

/** Every sealed or keyed value of these customers, as hex: none of it may be left, readable or not. */
const bytesOf = async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('_bsontype' in value && value._bsontype === 'Binary') {
      const bytes = Buffer.from((value as mongo.Binary).buffer);
      // Shorter ones are tokens, which other customers may share.
      if (bytes.length >= 32) found.add(bytes.toString('hex'));
    } else if (value instanceof Map || !('_bsontype' in value)) Object.values(value).forEach(collect);
  };
  for (const id of ids) {
    collect(await documentsIn(service, 'customer', { _id: id }));
    for (const { bodyDigest, emailKeys, phoneKeys } of await documentsIn(service, 'customer_link', {
      customerId: id,
    }))
      collect([bodyDigest, emailKeys, phoneKeys]);
    for (const { reason } of await documentsIn(service, 'customer_audit', { customerId: id }))
      collect([reason]);
    for (const { given } of await documentsIn(service, 'merge', { _id: id })) collect([given]);
  }
  const answers = await documentsIn(service, 'idempotency', {});
  collect(
    answers
      .filter(({ customerIds }) => customerIds?.some((one: unknown) => ids.includes(String(one))))
      .map(({ answer }) => answer),
  );
  return found;
};

/** How many of these bytes are anywhere in the database. */
const foundAnywhere = async (wanted: ReadonlySet<string>): Promise<number> => {
  let found = 0;
  for (const { name } of await service.database.listCollections()) {
    const text = JSON.stringify(await service.database.collection(name).find({}).toArray(), (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('hex') : value,
    );
    const hex = new Set(
      [...text.matchAll(/"([A-Za-z0-9+/]{40,}={0,2})"/g)].map(([, base64]) =>
        Buffer.from(base64 ?? '', 'base64').toString('hex'),
      ),
    );
    for (const bytes of wanted) if (hex.has(bytes) || text.includes(bytes)) found += 1;
  }
  return found;
};

const largestTransaction = (commands: readonly { name: string; body?: any; command?: any }[]): number =>
  Math.max(
    0,
    ...commands
      .filter(({ name }) => name === 'bulkWrite')
      .map((one) => (one.body ?? one.command)?.ops?.length ?? 0),
  );

describe('nothing is left of an erased customer', () => {
  it(
    'no value, sealed value or key in any document, in clear or encoded, and its history verifies',
    async () => {
      const business = aBusiness();
      const bystander = await added(business);
      const lives = [
        await live(business, {
          reasons: REASONS,
          consents: CONSENTS,
          answers: ANSWERS,
          orders: ORDERS,
          merged: 3,
        }),
      ];
      for (let count = 1; count < LIVES; count += 1) lives.push(await live(business));
      const bytes = await bytesOf(lives.flat());
      expect(bytes.size).toBeGreaterThan(LIVES * 8);
      expect(await foundAnywhere(bytes)).toBeGreaterThanOrEqual(bytes.size);
      let times = 0;
      const commands = await commandsOf(async () => {
        for (const [id = ''] of lives) {
          const startedAt = Date.now();
          const answer = await business.erase(
            id,
            { reason: `canary wish of ${id}` },
            { remainingMs: 25_000 },
          );
          expect([200, 202]).toContain(answer.status);
          times += Date.now() - startedAt;
        }
        expect(await run(finishErasures, {})).toMatchObject({ outcome: 'finished', oldestOpenHours: null });
      });
      const { found, documents } = await searchAtRest(service, { secrets: values, all: values });
      expect(found).toEqual([]);
      expect(await foundAnywhere(bytes)).toBe(0);
      for (const id of lives.flat()) {
        expect((await business.erasure(id)).body).toMatchObject({ status: 'done' });
        for (const name of ['customer_link', 'consent', 'activity'])
          expect(await countIn(service, name, { customerId: id })).toBe(0);
        expect(await countIn(service, 'customer', { _id: id })).toBe(0);
      }
      expect((await business.get(bystander._id)).body).toEqual(bystander);
      expect(await run(verifyHistories, { businessId: business.businessId })).toMatchObject({ flawed: [] });
      const named = await countIn(service, 'activity_source', { gone: { $exists: true } });
      expect(named).toBe(ORDERS + 2 * (LIVES - 1));
      const largest = largestTransaction(commands);
      expect(largest).toBeGreaterThan(0);
      expect(largest).toBeLessThanOrEqual(LARGEST_TRANSACTION);
      report(
        27,
        `${LIVES} whole lives erased (full: 500), one with ${REASONS} reasons, ${CONSENTS} consents, ${ANSWERS} recorded answers, ` +
          `${ORDERS} orders and 3 merged in: 0 of their values and 0 of ${bytes.size} sealed values and keys in ${documents} documents; ` +
          `largest transaction ${largest} writes; ${Math.round(times / LIVES)} ms each`,
      );
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'a hold and an erasure race: one of them wins whole',
    async () => {
      const business = aBusiness();
      const { _id: bystander } = await added(business);
      let held = 0;
      // The hold waits for so many reads. The one that comes first gives the other a head start in the next race.
      let reads = 0;
      for (let race = 0; race < RACES; race += 1) {
        const { _id } = await added(business);
        const later = async () => {
          for (let count = 0; count < reads; count += 1) await business.get(bystander);
          return await business.placeHold(_id, 'a case at court');
        };
        const [hold, erase] = await Promise.all([later(), business.erase(_id)]);
        const isHeld = hold.status === 200;
        if (isHeld) expectProblem(erase, 409, 'legal-hold');
        else {
          expectProblem(hold, 404, 'customer-not-found');
          expect(erase.body.status).toBe('done');
        }
        expect(await countIn(service, 'customer', { _id })).toBe(isHeld ? 1 : 0);
        expect(await countIn(service, 'erasure', { _id })).toBe(isHeld ? 0 : 1);
        held += isHeld ? 1 : 0;
        reads = Math.max(0, reads + (isHeld ? 1 : -1));
      }
      expect([held > 0, held < RACES]).toEqual([true, true]);
      report(
        29,
        `${RACES} races of a hold with an erasure (full: 1,000): ${held} held whole, ${RACES - held} erased whole`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
