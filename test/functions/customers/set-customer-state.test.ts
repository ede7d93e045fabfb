import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('set-customer-state');

const STATES = ['active', 'suspended', 'archived', 'deleted'];
/** contract.md's transitions, spelt out. */
const LEGAL = new Set([
  'active>suspended',
  'suspended>active',
  'active>archived',
  'suspended>archived',
  'archived>active',
  'active>deleted',
  'suspended>deleted',
  'archived>deleted',
  'deleted>active',
  'deleted>suspended',
  'deleted>archived',
]);
const pairs = STATES.flatMap((from) => STATES.map((to) => [from, to] as const));

describe('POST /api/v1/customer/{id}/state', () => {
  it.each(pairs.filter(([from, to]) => LEGAL.has(`${from}>${to}`)))(
    'moves a customer that is %s to %s',
    async (from, to) => {
      const business = aBusiness();
      const before = await added(business, { state: from });
      const { status, headers, body } = await business.setState(before._id, { state: to });
      expect([status, headers['etag'], body.state]).toEqual([200, '"1"', to]);
      expect(body.stateHistory).toEqual([...before.stateHistory, { state: to, setAt: body.updatedAt }]);
    },
  );

  it.each(pairs.filter(([from, to]) => from !== to && !LEGAL.has(`${from}>${to}`)))(
    'answers 409 for a move from %s to %s',
    async (from, to) => {
      const business = aBusiness();
      const { _id } = await added(business, { state: from });
      const request = () => business.setState(_id, { state: to });
      await expectRefused(service, request, [409, 'illegal-transition']);
    },
  );

  it.each([...STATES.map((state) => [state, state]), ['suspended', 'inactive'], ['inactive', 'suspended']])(
    'takes %s to %s as no transition',
    async (from, to) => {
      const business = aBusiness();
      const before = await added(business, { state: from });
      const { status, body } = await expectNothingWritten(service, () =>
        business.setState(before._id, { state: to }),
      );
      expect([status, body]).toEqual([200, before]);
    },
  );

  it('keeps inactive as written', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    expect((await business.setState(_id, { state: 'inactive' })).body.state).toBe('inactive');
  });

  it('keeps the reason, sealed, for those who may read the history', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const reason = 'never shows up, canary';
    await business.setState(_id, { state: 'suspended', reason });
    const [, entry] = await documentsIn(service, 'customer_audit', { customerId: _id });
    expect(entry).toMatchObject({ action: 'set-customer-state', from: 'active', to: 'suspended' });
    expect(Buffer.from(entry.reason.buffer).toString('latin1')).not.toContain('canary');
    expect((await business.history(_id)).body.items[1].reason).toBe(reason);
  });

  it('answers 428 without If-Match and 412 with a stale one', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const to = { state: 'archived' };
    await expectRefused(service, () => business.setState(_id, to, { headers: {} }), [
      428,
      'version-required',
    ]);
    const stale = { headers: { 'if-match': '"9"' } };
    await expectRefused(service, () => business.setState(_id, to, stale), [412, 'stale-version']);
  });

  it('answers 409 duplicate-phone when it brings back one whose phone is taken by now', async () => {
    const business = aBusiness();
    const { _id, phone } = await added(business);
    await business.setState(_id, { state: 'deleted' });
    await added(business, { phone });
    const request = () => business.setState(_id, { state: 'active' });
    await expectRefused(service, request, [409, 'duplicate-phone']);
  });

  it.each([
    ['no state', {}],
    ['an unknown state', { state: 'gone' }],
    ['another field', { state: 'active', note: 'x' }],
    ['a reason of 501 characters', { state: 'archived', reason: 'x'.repeat(501) }],
  ])('answers 400 for %s', async (_what, body) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const code = 'note' in body ? 'unknown-field' : 'invalid-request';
    await expectRefused(service, () => business.setState(_id, body), [400, code]);
  });

  it('answers 404 for an unknown id', async () => {
    const request = () => aBusiness().setState(aBusinessId(), { state: 'archived' });
    await expectRefused(service, request, [404, 'customer-not-found']);
  });
});
