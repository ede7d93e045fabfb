import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { useService } from '#test/support/service.ts';

const service = useService('get-consents');
const DAY_MS = 24 * 60 * 60_000;

const draft = (parts: Readonly<Record<string, unknown>> = {}) => ({
  purpose: 'marketing',
  channel: 'email',
  granted: true,
  source: 'desk',
  lawfulBasis: 'consent',
  textVersion: 'v1',
  ...parts,
});
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
const grantOf = (days: number, parts = {}) => draft({ givenAt: daysAgo(days), ...parts });
const refusalOf = (days: number, parts = {}) => grantOf(days, { granted: false, ...parts });

describe('a consent', () => {
  it('by consent without a text and a reference is kept, and shown as not proven', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.record(_id, [draft({ textVersion: undefined })]);
    const { body } = await business.consents(_id);
    expect(body.current).toMatchObject([{ granted: true, proven: false }]);
    expect(body.history).toEqual(body.current);
  });

  it('is read in pages, the newest statement first', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.record(_id, [grantOf(3), refusalOf(1), grantOf(2)]);
    const first = await business.consents(_id, { pageSize: '2' });
    expect(first.body.history.map(({ granted }: any) => granted)).toEqual([false, true]);
    const second = await business.consents(_id, { pageSize: '2', cursor: first.body.nextCursor });
    expect(second.body).toMatchObject({ current: [{ granted: false }], history: [{ granted: true }] });
    expect(second.body.nextCursor).toBeUndefined();
    expect(second.body.history[0].givenAt < first.body.history[1].givenAt).toBe(true);
    const whole = await business.consents(_id, { pageSize: '3' });
    expect(whole.body.nextCursor).toBeUndefined();
  });
});

describe('a request for consents', () => {
  it('with the cursor of another customer is 400', async () => {
    const business = aBusiness();
    const [one, other] = [await added(business), await added(business)];
    await business.record(one._id, [grantOf(1), grantOf(2)]);
    const { nextCursor: cursor } = (await business.consents(one._id, { pageSize: '1' })).body;
    await expectRefused(service, () => business.consents(other._id, { cursor }), [400, 'invalid-request']);
  });
});
