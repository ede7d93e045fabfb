import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';

const service = useService('get-customer-history');

describe('GET /api/v1/customer/{id}/history', () => {
  it('tells what happened, by whom, in order, with the names of fields and never a value', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const ola = business.as({ actor: 'ola' });
    await ola.change(customer._id, { email: 'canary.new@example.com', note: 'canary' });
    await ola.setState(customer._id, { state: 'inactive', reason: 'on leave' });
    await business.delete(customer._id);
    await business.restore(customer._id);
    const { status, body, text } = await business.history(customer._id);
    expect([status, body.verified]).toEqual([200, true]);
    expect(body.items).toMatchObject([
      { seq: 1, actor: 'user-1', action: 'create-customer', to: 'active' },
      { seq: 2, actor: 'ola', action: 'change-customer', fields: ['email', 'note'] },
      {
        seq: 3,
        actor: 'ola',
        action: 'set-customer-state',
        from: 'active',
        to: 'suspended',
        reason: 'on leave',
      },
      { seq: 4, action: 'delete-customer', from: 'suspended', to: 'deleted' },
      { seq: 5, action: 'restore-customer', from: 'deleted', to: 'suspended' },
    ]);
    expect(body.items[1]).not.toHaveProperty('from');
    for (const value of ['canary', customer.phone, customer.lastName]) expect(text).not.toContain(value);
  });

  it('answers a page at a time', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    for (const note of ['a', 'b', 'c', 'd']) await business.change(_id, { note });
    const first = await business.history(_id, { pageSize: '2' });
    expect(first.body).toMatchObject({ items: [{ seq: 1 }, { seq: 2 }], verified: true, nextCursor: '2' });
    const second = await business.history(_id, { pageSize: '2', cursor: first.body.nextCursor });
    expect(second.body).toMatchObject({ items: [{ seq: 3 }, { seq: 4 }], nextCursor: '4' });
    const last = await business.history(_id, { pageSize: '2', cursor: '4' });
    expect(last.body).toMatchObject({ items: [{ seq: 5 }] });
    expect(last.body).not.toHaveProperty('nextCursor');
  });

  it('is read while others write, and stays verified', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const writes = Promise.all(
      Array.from({ length: 8 }, (_, at) => business.change(_id, { note: String(at) })),
    );
    for (let read = 0; read < 8; read += 1) expect((await business.history(_id)).body.verified).toBe(true);
    await writes;
    expect((await business.history(_id)).body).toMatchObject({ verified: true, items: { length: 9 } });
  });

  it.each([
    ['an unknown id', () => aBusinessId()],
    ['another business’s customer', async () => (await added(aBusiness()))._id],
  ])('answers 404 for %s', async (_what, idOf) => {
    const id = await idOf();
    await expectRefused(service, () => aBusiness().history(id), [404, 'customer-not-found']);
  });

  it.each([{ pageSize: '0' }, { pageSize: '501' }, { cursor: 'x' }, { cursor: '-1' }])(
    'answers 400 for %j',
    async (query) => {
      const request = () => aBusiness().history(aBusinessId(), query);
      await expectRefused(service, request, [400, 'invalid-request']);
    },
  );
});
