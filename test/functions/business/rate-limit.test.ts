import { afterEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { openApiDocument } from '#infra/build/openapi.ts';
import { contracts } from '#functions/contracts.ts';
import { aBusiness } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { goodRequest, handlerOf, routeNames, routes } from '#test/support/routes.ts';
import { aBusinessId, call, limitBusinesses, useService } from '#test/support/service.ts';
import { countIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('rate-limit');
const SOME_ID = 'a'.repeat(24);
const AMPLE = { perSecond: 1_000_000, burst: 1_000_000 };
/** One request, then none for a long time. */
const ONE = { perSecond: 0.01, burst: 1 };
afterEach(() => {
  limitBusinesses(AMPLE);
});

/** A business whose bucket is empty, which no environment knows yet. */
const anExhaustedBusiness = async () => {
  limitBusinesses(ONE);
  const business = aBusiness();
  const _id = new Types.ObjectId(business.businessId);
  const empty = { left: 0, pullsLeft: 0, at: new Date(), granted: 0 };
  await service.database.collection('rate_limit').insertOne({ _id, ...empty });
  return business;
};

describe('a business that asks for too much', () => {
  it('is answered 429 for both readers, with when to come again', async () => {
    limitBusinesses(ONE);
    const business = aBusiness();
    expect((await business.settings()).status).toBe(200);
    const answer = await business.settings();
    expectProblem(answer, 429, 'rate-limited');
    const retryAfter = Number(answer.headers['retry-after']);
    expect(retryAfter).toBeGreaterThan(50);
    expect(retryAfter).toBeLessThanOrEqual(100);
    expect(answer.headers).toMatchObject({
      'ratelimit-limit': '1',
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(retryAfter),
    });
    expect(answer.body.message).toBe(
      `Too many requests from this business. Try again in ${String(retryAfter)} seconds.`,
    );
  });

  it.each(routeNames)(
    'may not ask %s, neither when that is found out nor later; nothing is written',
    async (name) => {
      const { businessId } = await anExhaustedBusiness();
      const handler = await handlerOf(name);
      await expectNothingWritten(service, async () => {
        expectProblem(
          await call(handler, { businessId, ...goodRequest(name, SOME_ID) }),
          429,
          'rate-limited',
        );
        expectProblem(
          await call(handler, { businessId, ...goodRequest(name, SOME_ID) }),
          429,
          'rate-limited',
        );
      });
    },
  );

  it('is refused the same for a request with nothing right in it', async () => {
    const business = await anExhaustedBusiness();
    expectProblem(await business.create('{'), 429, 'rate-limited');
    expectProblem(await business.create('{'), 429, 'rate-limited');
  });

  it('keeps no other business from asking', async () => {
    const business = await anExhaustedBusiness();
    expectProblem(await business.settings(), 429, 'rate-limited');
    expect((await aBusiness().settings()).status).toBe(200);
  });

  it('spends on replays too, which stay what they were', async () => {
    limitBusinesses({ perSecond: 0.01, burst: 2 });
    const business = aBusiness();
    const headers = { 'idempotency-key': 'k1' };
    const body = aCustomer();
    const first = await business.create(body, { headers });
    const again = await business.create(body, { headers });
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(again.headers).toEqual({
      ...first.headers,
      'idempotent-replayed': 'true',
      'x-request-id': expect.not.stringMatching(first.headers['x-request-id']!.replaceAll(/\W/g, '.')),
    });
    expectProblem(await business.create(body, { headers }), 429, 'rate-limited');
    const { businessId } = business;
    expect(await countIn(service, 'customer_link', { businessId })).toBe(1);
    expect(await countIn(service, 'idempotency', { businessId })).toBe(1);
  });

  it('may use the key of a refused request as if it had never sent it', async () => {
    const business = await anExhaustedBusiness();
    const headers = { 'idempotency-key': 'refused' };
    await expectNothingWritten(service, async () => {
      expectProblem(await business.create(aCustomer(), { headers }), 429, 'rate-limited');
    });
  });
});

describe('reads of lists', () => {
  /** So slow that nothing comes back during a test. */
  const FEW = { perSecond: 0.000_1, burst: 3 };

  it('have a bucket of their own: with the other one empty, a pull is answered', async () => {
    limitBusinesses(FEW);
    const business = aBusiness();
    for (let time = 0; time < FEW.burst; time += 1) expect((await business.settings()).status).toBe(200);
    expectProblem(await business.settings(), 429, 'rate-limited');
    expectProblem(await business.create(), 429, 'rate-limited');
    expectProblem(await business.get(SOME_ID), 429, 'rate-limited');
    const pull = await business.find({ updatedSince: '2026-01-01T00:00:00Z', pageSize: '1000' });
    expect([pull.status, pull.body.items]).toEqual([200, []]);
    expectProblem(await business.settings(), 429, 'rate-limited');
  });

  it('may be ten times as many, and spend nothing of the other bucket', async () => {
    limitBusinesses(FEW);
    const business = aBusiness();
    const statuses: number[] = [];
    for (let time = 0; time < 10 * FEW.burst; time += 1) statuses.push((await business.find()).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const refused = await business.find();
    expectProblem(refused, 429, 'rate-limited');
    expect(refused.headers['ratelimit-limit']).toBe(String(10 * FEW.burst));
    // At ten times the rate, one more read comes ten times as soon.
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(1 / (10 * FEW.perSecond));
    for (let time = 0; time < FEW.burst; time += 1) expect((await business.settings()).status).toBe(200);
    expectProblem(await business.settings(), 429, 'rate-limited');
  });

  it('of one business are not those of another', async () => {
    const exhausted = await anExhaustedBusiness();
    expectProblem(await exhausted.find(), 429, 'rate-limited');
    expect((await aBusiness().find()).status).toBe(200);
  });

  it('are the only ones, as the contracts say', () => {
    const apart = contracts.filter((contract) => contract.kind === 'route' && contract.bucket !== undefined);
    expect(apart.map((contract) => [contract.name, contract.kind === 'route' && contract.bucket])).toEqual([
      ['find-customers', 'pull'],
      ['find-recipients', 'pull'],
    ]);
  });
});

describe('who is not counted', () => {
  it('is a stranger to the business: it spends nothing of it', async () => {
    limitBusinesses(ONE);
    const businessId = aBusinessId();
    const handler = await handlerOf('get-settings');
    const stranger = await call(handler, {
      businessId,
      claims: { sub: 'x', business_roles: `${aBusinessId()}:OWNER` },
    });
    expectProblem(stranger, 403, 'not-a-member');
    expect((await call(handler, { businessId })).status).toBe(200);
  });
});

describe('the contract', () => {
  it.each(routes.map((route) => [route.name, route] as const))(
    'of %s names the refusal',
    (_, { problems }) => {
      expect(problems).toContain('rate-limited');
    },
  );

  it('documents its headers for each route that asks for a permission, and for the link in messages', () => {
    const { paths = {} } = openApiDocument(contracts);
    const operations = Object.values(paths).flatMap((path) => Object.values(path as object));
    const limited = operations.filter(({ responses }: any) => '429' in responses);
    // The link in messages needs no permission, and has limits of its own.
    const expected = [...routeNames, 'unsubscribe'].sort();
    expect(limited.map(({ operationId }: any) => operationId).sort()).toEqual(expected);
    for (const { responses } of limited)
      expect(Object.keys(responses['429'].headers).sort()).toEqual([
        'ratelimit-limit',
        'ratelimit-remaining',
        'ratelimit-reset',
        'retry-after',
        'x-request-id',
      ]);
  });
});
