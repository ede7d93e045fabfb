import { beforeAll, describe, expect, it } from '@jest/globals';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { CUSTOMER_EVENTS, toCloudEvent } from '#lib/contract/customer-events.ts';
import { findPending } from '#lib/store/messages/pending-events.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { age, keep, useArchive } from '#test/support/archived.ts';
import { disguisesIn, KnownValues } from '#test/support/canaries.ts';
import { makeDue } from '#test/support/due.ts';
import { useObjectEndpoint } from '#test/support/object-endpoint.ts';
import { run, useService } from '#test/support/service.ts';
import { documentsIn } from '#test/support/stored.ts';

const service = useService('outbox');
useObjectEndpoint();
useArchive();

const told: any[] = [];
/** The events about a customer, in their order, as the bus gets them. */
const eventsOf = async (id: string): Promise<any[]> => {
  const waiting = await findPending({ most: 500, except: new Set() }, aSystemScope('relay-events'));
  const events = waiting.filter(({ customerId }) => customerId === id).map(toCloudEvent);
  told.push(...events);
  return events;
};
const lastOf = async (id: string): Promise<any> => (await eventsOf(id)).at(-1);
const typesOf = async (id: string): Promise<string[]> =>
  (await eventsOf(id)).map(({ type }) => type.replace('beeoclock.customer.', ''));

const GRANT = {
  ...{ purpose: 'marketing', channel: 'email', granted: true, source: 'desk' },
  ...{ lawfulBasis: 'consent', textVersion: 'v1', proofRef: 'p1' },
};

let business: Business;
beforeAll(() => {
  business = aBusiness();
});
const merged = async () => {
  const [survivor, loser] = [await added(business), await added(business)];
  expect((await business.merge(survivor._id, { loserId: loser._id })).status).toBe(200);
  return { survivor: survivor._id, loser: loser._id };
};

describe('what other services hear of a customer', () => {
  it('is the creation, with names of fields', async () => {
    const { _id } = await added(business, { note: null });
    const [{ id, time, ...event }] = await eventsOf(_id);
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(event).toEqual({
      ...{ specversion: '1.0', source: 'beeoclock.customer', type: 'beeoclock.customer.created.v1' },
      ...{ subject: _id, businessid: business.businessId, partitionkey: _id, sequence: '0000000001' },
      data: {
        ...{ customerId: _id, version: 0, state: 'active' },
        fields: ['firstName', 'lastName', 'phone', 'email', 'customerType', 'state'],
      },
    });
  });

  it('is a change, with the names of what changed', async () => {
    const { _id } = await added(business);
    await business.change(_id, { firstName: 'Canary Zoe', note: 'canary note' });
    const { type, sequence, data } = await lastOf(_id);
    expect({ type, sequence, data }).toEqual({
      ...{ type: 'beeoclock.customer.changed.v1', sequence: '0000000002' },
      data: { customerId: _id, version: 1, state: 'active', fields: ['firstName', 'note'] },
    });
  });

  it('is a change of what the customer prefers, by the names only', async () => {
    const { _id } = await added(business);
    await business.prefer(_id, { language: 'pl', invoicing: { name: 'Canary Ltd' } });
    expect(await lastOf(_id)).toMatchObject({
      type: 'beeoclock.customer.changed.v1',
      data: {
        customerId: _id,
        version: 0,
        fields: expect.arrayContaining(['preferences.language', 'preferences.invoicing']),
      },
    });
  });

  it('is one event for a change of the state and of other fields', async () => {
    const { _id } = await added(business);
    await business.change(_id, { lastName: 'Canary Novak', state: 'inactive' });
    expect(await typesOf(_id)).toEqual(['created.v1', 'state-changed.v1']);
    expect((await lastOf(_id)).data).toEqual({
      ...{ customerId: _id, version: 1, state: 'suspended', from: 'active', to: 'suspended' },
      fields: ['lastName', 'state', 'stateHistory'],
    });
  });

  it('is a change of the state when it is deleted and restored', async () => {
    const { _id } = await added(business);
    await business.delete(_id);
    expect((await lastOf(_id)).data).toMatchObject({ state: 'deleted', from: 'active', to: 'deleted' });
    await business.restore(_id);
    expect((await lastOf(_id)).data).toMatchObject({ state: 'active', from: 'deleted', to: 'active' });
  });

  it('is nothing for what changes nothing', async () => {
    const { _id, firstName } = await added(business);
    await business.change(_id, { firstName });
    expect(await typesOf(_id)).toEqual(['created.v1']);
  });

  it('is a merge and its undo for the loser, and a change for the survivor', async () => {
    const { survivor, loser } = await merged();
    expect(await lastOf(loser)).toMatchObject({
      type: 'beeoclock.customer.merged.v1',
      data: { customerId: loser, version: 1, state: 'deleted', survivorId: survivor },
    });
    expect(await typesOf(survivor)).toEqual(['created.v1', 'changed.v1']);
    await business.unmerge(survivor, { loserId: loser });
    expect((await lastOf(loser)).data).toEqual({
      ...{ customerId: loser, version: 2, state: 'active', survivorId: survivor },
    });
    expect(await typesOf(loser)).toEqual(['created.v1', 'merged.v1', 'unmerged.v1']);
  });

  it('is what is in effect after a consent: one event a write', async () => {
    const { _id } = await added(business);
    await business.record(_id, [GRANT, { ...GRANT, channel: 'sms', granted: false }]);
    expect(await typesOf(_id)).toEqual(['created.v1', 'consent-changed.v1']);
    expect((await lastOf(_id)).data).toEqual({
      ...{ customerId: _id, version: 0, state: 'active' },
      changes: [
        { purpose: 'marketing', channel: 'sms', granted: false },
        { purpose: 'marketing', channel: 'email', granted: true },
      ],
    });
  });

  it('is a legal hold, without its reason, for all who are held', async () => {
    const { survivor, loser } = await merged();
    await business.placeHold(survivor, 'canary reason');
    await business.releaseHold(survivor);
    expect(await lastOf(survivor)).toMatchObject({ type: 'beeoclock.customer.hold-changed.v1' });
    expect((await lastOf(survivor)).data).toEqual({ customerId: survivor, version: 1, state: 'active' });
    expect(await typesOf(loser)).toEqual([
      ...['created.v1', 'merged.v1', 'hold-changed.v1', 'hold-changed.v1'],
    ]);
  });

  it('is that its record went to the archive and came back', async () => {
    const own = aBusiness();
    await own.chooseSettings({ archiveAfterDays: 30 });
    const { _id } = await added(own, { note: 'canary note' });
    await own.setState(_id, { state: 'archived' });
    await age(service, _id);
    await keep();
    await own.recall(_id);
    await keep();
    expect(await typesOf(_id)).toEqual([
      ...['created.v1', 'state-changed.v1', 'archived-away.v1', 'recalled.v1'],
    ]);
    const { version, ...data } = (await lastOf(_id)).data;
    expect(version).toBeGreaterThan(0);
    expect(data).toEqual({ customerId: _id, state: 'archived' });
  });

  it('is the end, with its cause, of everybody who was merged into it too', async () => {
    const { survivor, loser } = await merged();
    await business.erase(survivor, { reason: 'canary reason' });
    for (const id of [survivor, loser]) {
      const { type, data } = await lastOf(id);
      expect(type).toBe('beeoclock.customer.erased.v1');
      expect(data).toEqual({ customerId: id, version: 1, state: 'deleted', cause: 'request' });
    }
    const { _id } = await added(business);
    await makeDue(service, business, _id);
    await run(purge, { largestShare: 1 });
    const { type, sequence, data } = await lastOf(_id);
    expect({ type, sequence }).toEqual({ type: 'beeoclock.customer.purged.v1', sequence: '0000000003' });
    expect(data).toEqual({ customerId: _id, version: 1, state: 'deleted', cause: 'retention' });
  });

  describe('over all of this', () => {
    it('is every type there is, once for each number of a history, in its order', async () => {
      const types = Object.values(CUSTOMER_EVENTS).map(({ shape }) => shape.type.value);
      expect([...new Set(told.map(({ type }) => type))].sort()).toEqual(types.sort());
      const events = await documentsIn(service, 'outbox', { pending: true });
      const numbers = events.map(({ customerId, seq }) => `${String(customerId)} ${String(seq)}`);
      expect(new Set(numbers).size).toBe(events.length);
      const entries = await documentsIn(service, 'customer_audit', {});
      const numbered = new Set(entries.map(({ customerId, seq }) => `${String(customerId)} ${String(seq)}`));
      const unmatched = events.filter((_, index) => !numbered.has(numbers[index] ?? ''));
      expect(unmatched.map(({ type }) => type)).toEqual(['customer-purged']);
    });

    it('is nothing personal', () => {
      const known = new KnownValues();
      for (const [, text] of disguisesIn(JSON.stringify(told))) expect(known.placeIn(text)).toBe(-1);
      expect(told.length).toBeGreaterThan(30);
    });
  });
});

describe('an event that an earlier version wrote', () => {
  it('has no number and no names, and is published too, before the numbered ones', async () => {
    const own = aBusiness();
    const { _id } = await added(own);
    await own.change(_id, { firstName: 'Canary Zoe' });
    const [created] = await documentsIn(service, 'outbox', { customerId: _id });
    await service.database
      .collection('outbox')
      .updateOne({ _id: created._id }, { $unset: { seq: '', fields: '' } });
    const [first, second] = await eventsOf(_id);
    expect(first).toMatchObject({ type: 'beeoclock.customer.created.v1', sequence: '0000000000' });
    expect(first.data).toEqual({ customerId: _id, version: 0, state: 'active' });
    expect(second.sequence).toBe('0000000002');
  });
});
