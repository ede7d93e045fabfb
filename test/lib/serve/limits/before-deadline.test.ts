import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { startService } from '#test/support/service.ts';
import { type StallingProxy, startStallingProxy } from '#test/support/stalling-proxy.ts';
import { testDatabaseUri } from '#test/support/test-database.ts';

let proxy: StallingProxy;
let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  proxy = await startStallingProxy(testDatabaseUri('before-deadline'));
  service = await startService('before-deadline', proxy.uri);
});
afterEach(() => {
  proxy.resume();
});
afterAll(async () => {
  await service.stop();
  await proxy.stop();
});

/** An answer, and how much of the time that the platform granted was left when it came. */
const timed = async <T>(grantedMs: number, ask: () => Promise<T>): Promise<{ answer: T; leftMs: number }> => {
  const startedAt = performance.now();
  const answer = await ask();
  return { answer, leftMs: grantedMs - (performance.now() - startedAt) };
};

describe('a database that does not answer', () => {
  it.each([400, 1_000, 2_500])(
    'makes a read answer our own 503 before %i ms are over, and the next one works',
    async (remainingMs) => {
      const business = aBusiness();
      const customer = await added(business);
      proxy.stall();
      const { answer, leftMs } = await timed(remainingMs, () => business.get(customer._id, { remainingMs }));
      expectProblem(answer, 503, 'database-unavailable');
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
      expect(leftMs).toBeGreaterThan(0);
      proxy.resume();
      expect((await business.get(customer._id)).body).toEqual(customer);
    },
  );

  it('makes a write answer 503 too; sent again with its _id, it is there once', async () => {
    const business = aBusiness();
    await added(business);
    const draft = aCustomer({ _id: 'a'.repeat(24) });
    proxy.stall();
    const { answer, leftMs } = await timed(900, () => business.create(draft, { remainingMs: 900 }));
    expectProblem(answer, 503, 'database-unavailable');
    expect(leftMs).toBeGreaterThan(0);
    proxy.resume();
    expect([200, 201]).toContain((await business.create(draft)).status);
    expect((await business.find({ phrase: draft.email })).body.totalSize).toBe(1);
  });

  it('that comes back just in time is waited for', async () => {
    const business = aBusiness();
    const customer = await added(business);
    proxy.stall();
    setTimeout(proxy.resume, 300);
    expect((await business.get(customer._id)).status).toBe(200);
  });

  it('is waited for by another request of the same environment that has more time', async () => {
    const business = aBusiness();
    const customer = await added(business);
    proxy.stall();
    const [first, second] = await Promise.all([
      business.get(customer._id, { remainingMs: 500 }).finally(proxy.resume),
      business.get(customer._id),
    ]);
    expectProblem(first, 503, 'database-unavailable');
    expect([200, 503]).toContain(second.status);
    expect((await business.get(customer._id)).status).toBe(200);
  });

  it.each(['a read', 'a write'])(
    'whose connections broke is answered for by 503 at most once, by %s',
    async (by) => {
      const business = aBusiness();
      const customer = await added(business);
      const ask = () =>
        by === 'a read'
          ? business.get(customer._id)
          : business.change(customer._id, { note: String(Math.random()) });
      for (let round = 0; round < 5; round += 1) {
        proxy.reset();
        expect([200, 503]).toContain((await ask()).status);
        expect((await ask()).status).toBe(200);
      }
    },
  );

  it('that takes longer than the request may, is told to stop, and the answer is 503', async () => {
    const business = aBusiness();
    const customer = await added(business);
    proxy.stall();
    setTimeout(proxy.resume, 250);
    const answer = await business.get(customer._id, { remainingMs: 500 });
    expectProblem(answer, 503, 'database-unavailable');
  });
});
