import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('delete-customer');
const DAY_MS = 24 * 60 * 60 * 1_000;

describe('DELETE /api/v1/customer/{id}', () => {
  it('answers 200 with the id, and the customer can still be read, as deleted', async () => {
    const business = aBusiness();
    const before = await added(business, { state: 'archived' });
    const { status, body } = await business.delete(before._id);
    expect([status, body]).toEqual([200, { _id: before._id, state: 'deleted' }]);
    expect((await business.get(before._id)).body).toMatchObject({
      state: 'deleted',
      email: before.email,
      stateHistory: [{ state: 'archived' }, { state: 'deleted' }],
    });
  });

  it('again answers the same and has no effect', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const first = await business.delete(_id);
    const again = await expectNothingWritten(service, () => business.delete(_id));
    expect([again.status, again.body]).toEqual([first.status, first.body]);
  });

  it('of an unknown id answers the same and has no effect', async () => {
    const _id = aBusinessId();
    const { status, body } = await expectNothingWritten(service, () => aBusiness().delete(_id));
    expect([status, body]).toEqual([200, { _id, state: 'deleted' }]);
  });

  it('of another business’s customer answers the same and has no effect', async () => {
    const { _id } = await added(aBusiness());
    const { status, body } = await expectNothingWritten(service, () => aBusiness().delete(_id));
    expect([status, body]).toEqual([200, { _id, state: 'deleted' }]);
  });

  it('answers 400 for what is not 24 hexadecimal digits', async () => {
    await expectRefused(service, () => aBusiness().delete('abc'), [400, 'invalid-request']);
  });

  it('keeps it as long as the business chose, counted by the database’s clock', async () => {
    const business = aBusiness();
    await business.chooseSettings({ retentionDays: 30 });
    const { _id } = await added(business);
    await business.delete(_id);
    const [clock] = (await service.database
      .collection('customer_link')
      .aggregate([{ $limit: 1 }, { $project: { now: '$$NOW' } }])
      .toArray()) as [{ now: Date }];
    const { purgeAfter } = await documentIn(service, 'customer_link', { customerId: _id });
    const days = (purgeAfter.getTime() - clock.now.getTime()) / DAY_MS;
    expect(days).toBeGreaterThan(29.99);
    expect(days).toBeLessThanOrEqual(30);
  });

  it('keeps it for ever where the business chose null', async () => {
    const business = aBusiness();
    await business.chooseSettings({ retentionDays: null });
    const { _id } = await added(business);
    await business.delete(_id);
    const link = await documentIn(service, 'customer_link', { customerId: _id });
    expect(link).toMatchObject({ state: 'deleted' });
    expect(link).not.toHaveProperty('purgeAfter');
  });

  it('leaves an audit entry and an event', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.delete(_id);
    const [, entry] = await documentsIn(service, 'customer_audit', { customerId: _id });
    expect(entry).toMatchObject({ action: 'delete-customer', from: 'active', to: 'deleted' });
    const [, event] = await documentsIn(service, 'outbox', { customerId: _id });
    expect(event).toMatchObject({ type: 'customer-state-changed', state: 'deleted', version: 1, seq: 2 });
  });

  it('deletes one that a rule of today would refuse', async () => {
    const business = aBusiness();
    await business.chooseSettings({ regularRequires: 'email-or-phone' });
    const { _id } = await added(business, { phone: null });
    await business.chooseSettings({ regularRequires: 'email-and-phone' });
    expect((await business.delete(_id)).status).toBe(200);
    expect((await business.get(_id)).body.state).toBe('deleted');
  });
});
