import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('restore-customer');

describe('POST /api/v1/customer/{id}/restore', () => {
  it.each(['active', 'suspended', 'inactive', 'archived'])(
    'brings a deleted customer back to %s, from which it was deleted',
    async (state) => {
      const business = aBusiness();
      const before = await added(business, { state });
      await business.delete(before._id);
      const { status, headers, body } = await business.restore(before._id);
      expect([status, headers['etag'], body.state]).toEqual([200, '"2"', state]);
      expect(body.stateHistory).toMatchObject([{ state }, { state: 'deleted' }, { state }]);
      const [, , entry] = await documentsIn(service, 'customer_audit', { customerId: before._id });
      expect(entry).toMatchObject({ action: 'restore-customer', from: 'deleted' });
    },
  );

  it('makes one active that came in as deleted', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { state: 'deleted' });
    expect((await business.restore(_id)).body.state).toBe('active');
  });

  it('takes its email and phone back, and its time to be purged away', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    await business.delete(_id);
    await business.restore(_id);
    const link = await documentIn(service, 'customer_link', { customerId: _id });
    expect(link).toMatchObject({ holdsEmail: true, holdsPhone: true, state: 'active' });
    expect(link).not.toHaveProperty('purgeAfter');
    expect((await business.lookUp({ email })).body._id).toBe(_id);
  });

  it.each([
    ['email', 'duplicate-email'],
    ['phone', 'duplicate-phone'],
  ])('answers 409 when the %s is taken by now', async (field, code) => {
    const business = aBusiness();
    const before = await added(business);
    await business.delete(before._id);
    const other = await added(business, { [field]: before[field] });
    const answer = await expectRefused(service, () => business.restore(before._id), [409, code]);
    expect(answer.body.existing).toEqual({ _id: other._id, state: 'active' });
  });

  it('answers a live customer as it is', async () => {
    const business = aBusiness();
    const before = await added(business);
    const { status, body } = await expectNothingWritten(service, () => business.restore(before._id));
    expect([status, body]).toEqual([200, before]);
  });

  it.each([
    ['an unknown id', () => aBusinessId()],
    ['another business’s customer', async () => (await added(aBusiness(), { state: 'deleted' }))._id],
  ])('answers 404 for %s', async (_what, idOf) => {
    const id = await idOf();
    await expectRefused(service, () => aBusiness().restore(id), [404, 'customer-not-found']);
  });
});
