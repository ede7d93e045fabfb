import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { anId, hour, setTotals, store } from '#test/support/stored-activity.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';

const service = useService('get-snapshot');
const takenAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/);

describe('the copy of a customer', () => {
  it('is the attendee of an order: the customer with its version, and whether it comes for the first time', async () => {
    const business = aBusiness({ role: 'SERVICE' });
    const customer = await added(business.as({ role: 'OWNER' }));
    const { status, body } = await business.snapshot(customer._id);
    expect([status, body]).toEqual([200, { object: 'AttendeeDto', customer, firstTime: true, takenAt }]);
    expect(Math.abs(Date.parse(body.takenAt) - Date.now())).toBeLessThan(60_000);
  });

  it('is the payer of a payment', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const { body } = await business.snapshot(customer._id, { as: 'payer' });
    expect(body).toEqual({ payer: customer, takenAt });
  });

  it('is old once the customer has another version', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const copy = (await business.snapshot(_id)).body.customer;
    expect((await business.snapshot(_id)).body.customer._version).toBe(copy._version);
    await business.change(_id, { lastName: 'Canary of another name' });
    expect((await business.snapshot(_id)).body.customer._version).not.toBe(copy._version);
  });

  it('says of a returning customer so, unless the order is the first one itself', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const [order] = await store(service, { business, customerId: _id }, 'order', [{ startAt: hour(5) }]);
    await setTotals(service, _id, { orderCount: 1, visitCount: 1, firstOrderAt: hour(5) });
    const firstTime = async (query: Record<string, string>) =>
      (await business.snapshot(_id, query)).body.firstTime;
    expect(await firstTime({})).toBe(false);
    expect(await firstTime({ at: hour(5).toISOString() })).toBe(true);
    expect(await firstTime({ exceptOrder: order! })).toBe(true);
    expect(await firstTime({ exceptOrder: anId() })).toBe(false);
  });

  it('is the survivor’s for a merged id', async () => {
    const business = aBusiness();
    const [survivor, middle, loser] = [await added(business), await added(business), await added(business)];
    await business.merge(middle._id, { loserId: loser._id });
    await business.merge(survivor._id, { loserId: middle._id });
    for (const { _id } of [survivor, middle, loser])
      expect((await business.snapshot(_id)).body.customer._id).toBe(survivor._id);
  });

  it('is taken of a deleted customer too, and says so', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { state: 'deleted' });
    expect((await business.snapshot(_id)).body.customer.state).toBe('deleted');
  });
});

describe('what is refused', () => {
  it('404 for an unknown id and for one of another business, with equal answers', async () => {
    const business = aBusiness();
    const { _id: foreign } = await added(aBusiness());
    const answers = [aBusinessId(), foreign].map(async (id) => {
      const { body } = await expectRefused(service, () => business.snapshot(id), [404, 'customer-not-found']);
      return { ...body, instance: '' };
    });
    const [unknown, ofAnother] = await Promise.all(answers);
    expect(ofAnother).toEqual(unknown);
  });

  it.each([
    ['another use', { as: 'guest' }, 'as'],
    ['a moment that is none', { at: 'now' }, 'at'],
    ['an order that is none', { exceptOrder: 'x' }, 'exceptOrder'],
  ])('400 for %s', async (_what, query, name) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { body } = await expectRefused(service, () => business.snapshot(_id, query), [
      400,
      'invalid-request',
    ]);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: `#/${name}` }]);
  });
});
