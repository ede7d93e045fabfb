import { afterEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { openApiDocument } from '#infra/openapi.ts';
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
  await service.database.collection('rate_limit').insertOne({ _id, left: 0, at: new Date(), granted: 0 });
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
    expect(answer.body.message).toContain(`${String(retryAfter)} s`);
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
    expect(again.headers).toEqual({ ...first.headers, 'idempotent-replayed': 'true' });
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

  it('documents its headers for each route that asks for a permission, and for no other', () => {
    const { paths = {} } = openApiDocument(contracts);
    const operations = Object.values(paths).flatMap((path) => Object.values(path as object));
    const limited = operations.filter(({ responses }: any) => '429' in responses);
    expect(limited.map(({ operationId }: any) => operationId).sort()).toEqual([...routeNames].sort());
    for (const { responses } of limited)
      expect(Object.keys(responses['429'].headers).sort()).toEqual([
        'ratelimit-limit',
        'ratelimit-remaining',
        'ratelimit-reset',
        'retry-after',
      ]);
  });
});
