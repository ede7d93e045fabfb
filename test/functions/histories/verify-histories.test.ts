import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { makeDue } from '#test/support/due.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { aBusinessId, run, useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const service = useService('verify-histories');
const verifying = (input: object = {}, remainingMs?: number) => run(verifyHistories, input, remainingMs);
const collection = (name: string) => service.database.collection(name);

/** A customer with a history of four entries, one of them with a free text. */
const aLongHistory = async (business: Business): Promise<string> => {
  const { _id } = await added(business);
  await business.change(_id, { note: 'second' });
  await business.setState(_id, { state: 'suspended', reason: 'third' });
  await business.change(_id, { note: 'fourth' });
  return _id;
};
const purged = async (business: Business): Promise<string> => {
  const id = await aLongHistory(business);
  await makeDue(service, business, id);
  await run(purge, {});
  return id;
};

/** What somebody with access to the database may do to a history. */
const DAMAGE: Readonly<Record<string, (customerId: Types.ObjectId) => Promise<unknown>>> = {
  'an entry was edited': (customerId) =>
    collection('customer_audit').updateOne({ customerId, seq: 2 }, { $set: { actor: 'somebody-else' } }),
  'an entry is gone': (customerId) => collection('customer_audit').deleteOne({ customerId, seq: 2 }),
  'the tail was cut off': (customerId) =>
    collection('customer_audit').deleteMany({ customerId, seq: { $gte: 3 } }),
  'every entry is gone': (customerId) => collection('customer_audit').deleteMany({ customerId }),
  'two entries were swapped': async (customerId) => {
    const entries = collection('customer_audit');
    for (const [from, to] of [
      [2, 99],
      [3, 2],
      [99, 3],
    ]) {
      await entries.updateOne({ customerId, seq: from }, { $set: { seq: to } });
    }
  },
};

beforeEach(async () => {
  for (const name of ['customer', 'customer_link', 'customer_audit', 'erasure', 'idempotency'])
    await collection(name).deleteMany({});
  useKeyring(keyringOf('k1'));
});

describe('verify-histories', () => {
  it('finds nothing in honest histories, of customers who are gone too, and writes nothing', async () => {
    const [one, other] = [aBusiness(), aBusiness()];
    await aLongHistory(one);
    await purged(other);
    const answer = await expectNothingWritten(service, () => verifying());
    expect(answer).toEqual({ outcome: 'finished', checked: 2, former: 0, flawed: [], after: null });
    expect(await verifying({ businessId: one.businessId })).toMatchObject({ checked: 1 });
    expect(await verifying({ businessId: aBusinessId() })).toMatchObject({ outcome: 'finished', checked: 0 });
  });

  it.each(Object.entries(DAMAGE))('names whose history it is when %s', async (_what, damage) => {
    const business = aBusiness();
    const gone = await purged(business);
    const there = await aLongHistory(business);
    await aLongHistory(business);
    for (const id of [gone, there]) await damage(new Types.ObjectId(id));
    const { businessId } = business;
    const expected = [gone, there]
      .sort()
      .map((customerId) => ({ businessId, customerId, trouble: 'broken-history' }));
    expect(await verifying()).toEqual({
      outcome: 'finished',
      checked: 3,
      former: 0,
      flawed: expected,
      after: null,
    });
    expect((await verifying({ businessId: aBusinessId() })).flawed).toEqual([]);
  });

  it('finds a free text that was altered', async () => {
    const customerId = await aLongHistory(aBusiness());
    await collection('customer_audit').updateOne({ seq: 3 }, { $set: { reason: randomBytes(60) } });
    expect((await verifying()).flawed).toMatchObject([{ customerId, trouble: 'broken-history' }]);
  });

  it('tells a key that is missing from a history that is broken', async () => {
    const customerId = await aLongHistory(aBusiness());
    useKeyring(keyringOf('k2'));
    expect((await verifying()).flawed).toMatchObject([{ customerId, trouble: 'key-missing' }]);
  });

  it('takes neither changes nor a re-encryption beside it for tampering', async () => {
    const business = aBusiness();
    const ids = [await aLongHistory(business), await aLongHistory(business), await purged(business)];
    useKeyring(keyringOf('k2', 'k1'));
    const writing = Promise.all([
      run(reencryptCustomers, { settleMs: 0, batchSize: 1 }),
      ...ids.slice(0, 2).map(async (id) => {
        for (const note of ['a', 'b', 'c', 'd']) await business.change(id, { note });
      }),
    ]);
    for (let time = 0; time < 5; time += 1) {
      expect(await verifying({ batchSize: 2 })).toMatchObject({
        outcome: 'finished',
        checked: 3,
        flawed: [],
      });
    }
    await writing;
  });

  it('stops before its deadline, says where to go on, and goes on there', async () => {
    const [one, other] = [aBusiness(), aBusiness()];
    const ids: string[] = [];
    for (const business of [one, other, one]) ids.push(await aLongHistory(business));
    ids.push(await purged(other));
    for (const id of ids) await DAMAGE['an entry is gone']?.(new Types.ObjectId(id));
    const found: string[] = [];
    let after: object | undefined;
    for (let runs = 1; runs <= 4; runs += 1) {
      const answer = await verifying({ batchSize: 1, ...(after && { after }) }, 61_000);
      expect(answer).toMatchObject({ outcome: 'out-of-time', checked: 1 });
      after = answer.after;
      found.push(...answer.flawed.map(({ customerId }: { customerId: string }) => customerId));
    }
    expect(found.sort()).toEqual(ids.sort());
    expect(await verifying({ after })).toMatchObject({ outcome: 'finished', checked: 0 });
  });

  it.each([
    { businessId: 'x' },
    { after: 'x' },
    { batchSize: 0 },
    { businessId: '1'.repeat(24), after: { businessId: '2'.repeat(24), customerId: '3'.repeat(24) } },
  ])('is not started with %j', async (input) => {
    await expect(verifying(input)).rejects.toThrow('verify-histories failed');
  });
});
