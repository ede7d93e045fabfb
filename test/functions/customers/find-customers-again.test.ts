import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { type Answer, startService } from '#test/support/service.ts';
import { type StallingProxy, startStallingProxy } from '#test/support/stalling-proxy.ts';
import { testDatabaseUri } from '#test/support/test-database.ts';

let proxy: StallingProxy;
let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
  proxy = await startStallingProxy(testDatabaseUri('find-again'));
  service = await startService('find-again', proxy.uri);
});
afterEach(() => {
  proxy.breakNext(0, '');
  proxy.resume();
});
afterAll(async () => {
  await service.stop();
  await proxy.stop();
});

/** Every read of customers of a business names this collection; the check of the connection does not. */
const READS = 'customer_link';

/** An answer, with how many of its attempts failed. */
const counted = async (ask: () => Promise<Answer>): Promise<{ answer: Answer; failed: number }> => {
  let answer: Answer | undefined;
  const lines = await linesWrittenBy(async () => {
    answer = await ask();
  });
  return { answer: answer!, failed: lines.filter((line) => line.includes('read-failed')).length };
};

describe('a pull while the database has a fault', () => {
  it('is answered 200 after attempts whose connections broke', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    proxy.breakNext(9, READS);
    const { answer, failed } = await counted(() => business.find({ pageSize: '1000' }));
    expect([answer.status, answer.body.items.map((item: any) => item._id)]).toEqual([200, [_id]]);
    expect(failed).toBeGreaterThan(0);
  });

  it('is answered 200 after an attempt that the database never answered', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    // Asks the bucket now, or the next read would open another connection for it.
    await business.find();
    proxy.stallOpen();
    const { answer, failed } = await counted(() => business.find({ pageSize: '1000' }));
    expect([answer.status, answer.body.items.map((item: any) => item._id)]).toEqual([200, [_id]]);
    expect(failed).toBe(1);
  });

  it('is answered by our own 503 when the fault stays, and works when it is gone', async () => {
    const business = aBusiness();
    await added(business);
    proxy.breakNext(Infinity, READS);
    const { answer, failed } = await counted(() => business.find({}, { remainingMs: 2_000 }));
    expectProblem(answer, 503, 'database-unavailable');
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect(failed).toBeGreaterThan(0);
    proxy.breakNext(0, '');
    expect((await business.find()).body.totalSize).toBe(1);
  });

  it('is answered by our own 503 when the database stays silent', async () => {
    const business = aBusiness();
    await added(business);
    proxy.stall();
    const { answer, failed } = await counted(() => business.find({}, { remainingMs: 2_000 }));
    expectProblem(answer, 503, 'database-unavailable');
    expect(failed).toBeGreaterThan(0);
    proxy.resume();
    expect((await business.find()).body.totalSize).toBe(1);
  });

  it('counts as one question of a role that sees masks', async () => {
    const business = aBusiness();
    const { email } = await added(business);
    proxy.breakNext(9, READS);
    const support = business.as({ role: 'SUPPORT' });
    const { answer, failed } = await counted(() => support.find({ phrase: 'nobody@b.example' }));
    expect([answer.status, answer.body.totalSize]).toEqual([200, 0]);
    expect(failed).toBeGreaterThan(0);
    expect((await support.find({ phrase: email })).body.totalSize).toBe(1);
    const { exactQuestions } = (await service.database
      .collection('rate_limit')
      .findOne({ 'exactQuestions.caller': 'user-1' })) as unknown as { exactQuestions: unknown[] };
    expect(exactQuestions).toHaveLength(1);
  });

  it('takes no more attempts than before on a route that does not say so', async () => {
    const business = aBusiness();
    await added(business);
    proxy.stall();
    const { answer, failed } = await counted(() => business.statistics({}, { remainingMs: 600 }));
    expectProblem(answer, 503, 'database-unavailable');
    expect(failed).toBe(0);
  });
});
