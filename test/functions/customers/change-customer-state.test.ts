import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { useService } from '#test/support/service.ts';
import { documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('change-customer-state');
const on = (day: number) => `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;

describe('PUT /api/v1/customer/{id} with a state', () => {
  it('moves the customer and appends to its history', async () => {
    const business = aBusiness();
    const before = await added(business);
    const { body } = await business.change(before._id, { state: 'inactive' });
    expect(body.state).toBe('inactive');
    expect(body.stateHistory).toEqual([...before.stateHistory, { state: 'inactive', setAt: body.updatedAt }]);
  });

  it('takes the same state again, however written, as no transition', async () => {
    const business = aBusiness();
    const before = await added(business, { state: 'inactive' });
    const { status, body } = await expectNothingWritten(service, () =>
      business.change(before._id, { state: 'suspended' }),
    );
    expect([status, body]).toEqual([200, before]);
  });

  it('answers 409 illegal-transition from archived to suspended', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { state: 'archived' });
    const request = () => business.change(_id, { state: 'suspended', note: 'lost?' });
    await expectRefused(service, request, [409, 'illegal-transition']);
  });

  it('deletes and brings back, as the panel does', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    await business.change(_id, { state: 'deleted' });
    const dead = await documentIn(service, 'customer_link', { customerId: _id });
    expect(dead).toMatchObject({ holdsEmail: false, restoreTo: 'active', purgeAfter: expect.any(Date) });
    expect((await business.lookUp({ email })).status).toBe(404);
    expect((await business.change(_id, { state: 'archived' })).body.state).toBe('archived');
    const alive = await documentIn(service, 'customer_link', { customerId: _id });
    expect(alive).toMatchObject({ holdsEmail: true, state: 'archived' });
    expect(alive).not.toHaveProperty('purgeAfter');
    expect(alive).not.toHaveProperty('restoreTo');
  });

  it('answers 409 duplicate-email when it brings back one whose email is taken by now', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    await business.change(_id, { state: 'deleted' });
    await added(business, { email });
    const request = () => business.change(_id, { state: 'active' });
    await expectRefused(service, request, [409, 'duplicate-email']);
  });

  it('changes the fields of a deleted customer', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { state: 'deleted' });
    expect((await business.change(_id, { note: 'after' })).body).toMatchObject({
      note: 'after',
      state: 'deleted',
    });
  });
});

describe('PUT /api/v1/customer/{id} with a state history', () => {
  const lived = [
    { state: 'active', setAt: on(1) },
    { state: 'suspended', setAt: on(2) },
    { state: 'archived', setAt: on(2) },
    { state: 'deleted', setAt: on(3) },
  ];

  it('makes an offline timeline the visible one, verbatim, and keeps the server’s own in the audit', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { body } = await business.change(_id, { stateHistory: lived });
    expect(body).toMatchObject({ state: 'deleted', stateHistory: lived });
    const entries = await documentsIn(service, 'customer_audit', { customerId: _id });
    expect(entries).toMatchObject([
      { seq: 1, from: null, to: 'active' },
      { seq: 2, from: 'active', to: 'deleted', fields: ['state', 'stateHistory'] },
    ]);
  });

  it('wipes nothing by an empty one', async () => {
    const business = aBusiness();
    const before = await added(business);
    const { body } = await business.change(before._id, { stateHistory: [], note: 'x' });
    expect(body.stateHistory).toEqual(before.stateHistory);
  });

  it('takes 200 entries, and keeps the newest 200 when one is added', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const stateHistory = Array.from({ length: 200 }, (_, index) => ({
      state: index % 2 === 0 ? 'active' : 'suspended',
      setAt: new Date(1_700_000_000_000 + index).toISOString(),
    }));
    expect((await business.change(_id, { stateHistory })).status).toBe(200);
    const { body } = await business.change(_id, { state: 'archived' });
    expect(body.stateHistory).toHaveLength(200);
    expect(body.stateHistory.at(-1).state).toBe('archived');
    expect(body.stateHistory[0]).toEqual(stateHistory[1]);
    expect((await business.change(_id, { stateHistory: body.stateHistory, note: 'x' })).status).toBe(200);
  });

  it.each([
    [
      'with an illegal step',
      [
        { state: 'archived', setAt: on(1) },
        { state: 'inactive', setAt: on(2) },
      ],
      undefined,
      '#/stateHistory/1/state',
    ],
    ['not ending in the state', lived, 'active', '#/state'],
    ['with an unknown state', [{ state: 'lost', setAt: on(1) }], undefined, '#/stateHistory/0/state'],
    ['with a time that is none', [{ state: 'active', setAt: 'today' }], undefined, '#/stateHistory/0/setAt'],
    [
      'with an unknown field',
      [{ state: 'active', setAt: on(1), by: 'me' }],
      undefined,
      '#/stateHistory/0/by',
    ],
  ])('answers 400 for one %s', async (_what, stateHistory, state, pointer) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const answer = await expectRefused(service, () => business.change(_id, { state, stateHistory }), [
      400,
      pointer.endsWith('/by') ? 'unknown-field' : 'invalid-request',
    ]);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });
});
