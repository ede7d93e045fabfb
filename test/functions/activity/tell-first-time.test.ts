import { describe, expect, it } from '@jest/globals';
import { MOST_MISSES } from '#lib/domain/access/exact-questions.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { anId, hour, setTotals, store } from '#test/support/stored-activity.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';

const service = useService('tell-first-time');
const at = (number: number): string => hour(number).toISOString();
const NOBODY = { firstTime: true, visits: 0 };

/** A customer with orders that begin at these hours and count, and the ids of the orders. */
const aCustomerWith = async (business: Business, hours: readonly number[], more: object = {}) => {
  const customer = await added(business, { ...more });
  const orders = hours.map((number) => ({ startAt: hour(number) }));
  const orderIds = await store(service, { business, customerId: customer._id }, 'order', orders);
  const first = Math.min(...hours);
  if (hours.length > 0)
    await setTotals(service, customer._id, {
      ...{ orderCount: hours.length, visitCount: hours.length },
      ...{ firstOrderAt: hour(first), firstVisitAt: hour(first) },
    });
  return { ...customer, orderIds };
};

describe('a customer who comes', () => {
  it('comes for the first time when no order that counts begins before', async () => {
    const business = aBusiness();
    const { _id } = await aCustomerWith(business, [5, 9]);
    const isFirst = async (query: Record<string, string>) =>
      (await business.firstTime({ customerId: _id, ...query })).body;
    expect(await isFirst({ at: at(4) })).toEqual({ firstTime: true, visits: 2, _id });
    expect(await isFirst({ at: at(5) })).toEqual({ firstTime: true, visits: 2, _id });
    expect(await isFirst({ at: at(6) })).toEqual({ firstTime: false, visits: 2, _id });
    // Now, if no moment is sent.
    expect(await isFirst({})).toEqual({ firstTime: false, visits: 2, _id });
  });

  it('comes for the first time with an order that is left out, if no other one begins before', async () => {
    const business = aBusiness();
    const { _id, orderIds } = await aCustomerWith(business, [5, 9]);
    const [first, second] = orderIds as [string, string];
    const isFirst = async (exceptOrder: string, number: number) =>
      (await business.firstTime({ customerId: _id, exceptOrder, at: at(number) })).body.firstTime;
    expect(await isFirst(first, 6)).toBe(true);
    expect(await isFirst(first, 9)).toBe(true);
    expect(await isFirst(first, 10)).toBe(false);
    expect(await isFirst(second, 10)).toBe(false);
    expect(await isFirst(anId(), 10)).toBe(false);
  });

  it('has come before when another order begins together with the one that is left out', async () => {
    const business = aBusiness();
    const { _id, orderIds } = await aCustomerWith(business, [5, 5]);
    for (const exceptOrder of orderIds) {
      const { body } = await business.firstTime({ customerId: _id, exceptOrder, at: at(6) });
      expect(body.firstTime).toBe(false);
    }
  });

  it('has not come before by what was cancelled', async () => {
    const business = aBusiness();
    const { _id, orderIds } = await aCustomerWith(business, [5]);
    await store(service, { business, customerId: _id }, 'order', [{ startAt: hour(4), counts: 'cancelled' }]);
    const query = { customerId: _id, exceptOrder: orderIds[0]!, at: at(9) };
    expect((await business.firstTime(query)).body.firstTime).toBe(true);
  });

  it('is the survivor, with the orders of its losers, by each id', async () => {
    const business = aBusiness();
    const survivor = await aCustomerWith(business, [8]);
    const loser = await aCustomerWith(business, [5]);
    await business.merge(survivor._id, { loserId: loser._id });
    await setTotals(service, survivor._id, { visitCount: 2, firstOrderAt: hour(5) });
    const exceptOrder = loser.orderIds[0]!;
    for (const { _id } of [survivor, loser]) {
      const ask = async (query: Record<string, string>) =>
        (await business.firstTime({ customerId: _id, ...query })).body;
      expect(await ask({ at: at(6) })).toEqual({ firstTime: false, visits: 2, _id: survivor._id });
      expect((await ask({ at: at(6), exceptOrder })).firstTime).toBe(true);
      expect((await ask({ at: at(9), exceptOrder })).firstTime).toBe(false);
    }
  });
});

describe('who is asked for', () => {
  it('is the one with the id, or else with the email, or else with the phone', async () => {
    const business = aBusiness();
    const [one, two, three] = [await added(business), await added(business), await added(business)];
    const found = async (query: Record<string, string>) => (await business.firstTime(query)).body._id;
    expect(await found({ customerId: one._id, email: two.email, phone: three.phone })).toBe(one._id);
    expect(await found({ customerId: anId(), email: two.email, phone: three.phone })).toBe(two._id);
    expect(await found({ email: 'nobody@canary.example', phone: three.phone })).toBe(three._id);
    expect(await found({ phone: three.phone })).toBe(three._id);
  });

  it('is nobody for an unknown id, one of another business, and a value that nobody live has', async () => {
    const business = aBusiness();
    const { _id: foreign } = await aCustomerWith(aBusiness(), [1]);
    const { email } = await added(business, { state: 'deleted' });
    for (const query of [
      { customerId: anId() },
      { customerId: foreign },
      { email },
      { phone: '48511111111' },
    ]) {
      const { status, body } = await business.firstTime(query);
      expect([status, body]).toEqual([200, NOBODY]);
    }
  });

  it.each([
    ['nobody', {}],
    ['an id that is none', { customerId: 'x' }],
    ['a moment that is none', { customerId: 'a'.repeat(24), at: 'now' }],
    ['an order that is none', { customerId: 'a'.repeat(24), exceptOrder: '1' }],
  ])('is refused: %s', async (_what, query) => {
    await expectRefused(service, () => aBusiness().firstTime(query), [400, 'invalid-request']);
  });
});

describe('who sees masks', () => {
  it('may ask for an email or a phone that nobody has 20 times an hour; an id costs nothing', async () => {
    const business = aBusiness({ role: 'SUPPORT', actor: aBusinessId() });
    const { _id, email } = await added(business.as({ role: 'OWNER' }));
    const missed = (number: number) =>
      business.firstTime({ email: `guess-${String(number)}@canary.example` });
    for (let number = 0; number < MOST_MISSES; number += 1) {
      // A question is counted before it is asked, so a hit needs room for one more.
      expect((await business.firstTime({ email })).body._id).toBe(_id);
      expect((await missed(number)).body).toEqual(NOBODY);
      expect((await business.firstTime({ customerId: anId() })).status).toBe(200);
    }
    const answer = await missed(MOST_MISSES);
    expectProblem(answer, 429, 'rate-limited');
    expect(answer.headers).toHaveProperty('retry-after');
    expect((await business.firstTime({ customerId: _id })).status).toBe(200);
  });

  it('spends one question for an email that nobody has, and none for the phone that is found', async () => {
    const business = aBusiness({ role: 'SUPPORT', actor: aBusinessId() });
    const { phone } = await added(business.as({ role: 'OWNER' }));
    for (let number = 0; number < MOST_MISSES - 1; number += 1)
      expect((await business.firstTime({ email: `g${String(number)}@canary.example`, phone })).status).toBe(
        200,
      );
    const query = { email: 'one-more@canary.example', phone };
    // The email is the last question that may miss, so none is left for the phone.
    expectProblem(await business.firstTime(query), 429, 'rate-limited');
  });
});
