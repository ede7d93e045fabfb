import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Refusal } from '#lib/domain/errors.ts';
import { type Grant, LEASE_MS, type RateLimit } from '#lib/domain/business/request-allowance.ts';
import type { Admission, rateLimiter } from '#lib/serve/limits/rate-limiter.ts';
import { aScope } from '#test/support/a-scope.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';

const aBusinessId = () => randomBytes(12).toString('hex');
const LIMIT: RateLimit = { perSecond: 10, burst: 80 };

let makeLimiter: typeof rateLimiter;
beforeAll(async () => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
  makeLimiter = (await import('#lib/serve/limits/rate-limiter.ts')).rateLimiter;
});

afterEach(() => {
  jest.useRealTimers();
});

/** A limiter before a bucket that answers when and what the test says. */
const aLimiter = () => {
  const asked: {
    wanted: number;
    needed: number;
    answer: (grant: Grant) => void;
    fail: (error: Error) => void;
  }[] = [];
  const clock = { now: 1_000_000 };
  const within = makeLimiter({
    borrow: ({ wanted, needed }) =>
      new Promise((answer, fail) => {
        asked.push({ wanted, needed, answer, fail });
      }),
    limit: () => LIMIT,
    now: () => clock.now,
  });
  const businessId = aBusinessId();
  const deadline = Date.now() + 30_000;
  return {
    asked,
    clock,
    serve: <T>(work: (admitted: Admission) => Promise<T>, of = businessId, until = deadline) =>
      within({ scope: aScope(of, { deadline: until }), requests: 1 }, work),
    serveBulk: <T>(requests: number, work: (admitted: Admission) => Promise<T>) =>
      within({ scope: aScope(businessId, { deadline }), requests }, work),
  };
};
const done = () => Promise.resolve('done');
const writing = async (admitted: Admission) => {
  await admitted();
  return 'written';
};
const settled = () => new Promise((resolve) => setImmediate(resolve));
const refusalOf = (answer: Promise<unknown>) =>
  answer.then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(Refusal);
      return error as Refusal;
    },
  );

describe('the first request of a business in an environment', () => {
  it('is worked on while the bucket is asked, and writes and answers when that has answered', async () => {
    const { asked, serve } = aLimiter();
    const course: string[] = [];
    const answer = serve(async (admitted) => {
      course.push('read');
      await admitted();
      course.push('written');
      return 'done';
    }).finally(() => course.push('answered'));
    await settled();
    expect(course).toEqual(['read']);
    asked[0]?.answer({ granted: 10, left: 70 });
    expect(await answer).toBe('done');
    expect(course).toEqual(['read', 'written', 'answered']);
  });

  it('does not answer before the bucket has, though it has nothing to write', async () => {
    const { asked, serve } = aLimiter();
    let isAnswered = false;
    const answer = serve(done).finally(() => {
      isAnswered = true;
    });
    await settled();
    expect(isAnswered).toBe(false);
    asked[0]?.answer({ granted: 10, left: 70 });
    expect(await answer).toBe('done');
  });

  it('writes nothing when the bucket is empty', async () => {
    const { asked, serve } = aLimiter();
    let isWritten = false;
    const answer = serve(async (admitted) => {
      await admitted();
      isWritten = true;
    });
    asked[0]?.answer({ granted: 0, left: 0.5 });
    expect((await refusalOf(answer)).code).toBe('rate-limited');
    expect(isWritten).toBe(false);
  });

  it.each([
    ['has read', done],
    ['was refused for', () => Promise.reject(new Refusal('customer-not-found', 'None.'))],
    ['failed at', () => Promise.reject(new Error('defect'))],
  ])('is rate-limited whatever it %s', async (_, work) => {
    const { asked, serve } = aLimiter();
    const answer = serve<string>(work);
    asked[0]?.answer({ granted: 0, left: 0 });
    expect((await refusalOf(answer)).code).toBe('rate-limited');
  });

  it('leaves no rejection unhandled when the bucket refuses it before its work has ended', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const { asked, serve } = aLimiter();
    const answer = serve(async () => {
      asked[0]?.answer({ granted: 0, left: 0 });
      for (let turn = 0; turn < 3; turn += 1) await settled();
    });
    await refusalOf(answer);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('is answered as its work says when the bucket has room', async () => {
    const { asked, serve } = aLimiter();
    const answer = serve(() => Promise.reject(new Refusal('customer-not-found', 'None.')));
    asked[0]?.answer({ granted: 10, left: 70 });
    expect((await refusalOf(answer)).code).toBe('customer-not-found');
  });
});

describe('a request of a business that was lent some', () => {
  const warm = async () => {
    const limiter = aLimiter();
    const answer = limiter.serve(done);
    limiter.asked[0]?.answer({ granted: 8, left: 72 });
    await answer;
    return limiter;
  };

  it('asks nobody', async () => {
    const { asked, serve } = await warm();
    for (let request = 2; request <= 5; request += 1) expect(await serve(writing)).toBe('written');
    expect(asked).toHaveLength(1);
  });

  it('asks for more before the last is spent, writes meanwhile, and waits for the answer at the end', async () => {
    const { asked, serve } = await warm();
    for (let request = 2; request <= 5; request += 1) await serve(writing);
    const course: string[] = [];
    const sixth = serve(async (admitted) => {
      await admitted();
      course.push('written');
    }).finally(() => course.push('answered'));
    await settled();
    expect(asked).toHaveLength(2);
    expect(course).toEqual(['written']);
    asked[1]?.answer({ granted: 16, left: 40 });
    await sixth;
    expect(course).toEqual(['written', 'answered']);
  });

  it('is served to the last of what was lent when the bucket has no more, then refused without a question', async () => {
    const { asked, serve, clock } = await warm();
    for (let request = 2; request <= 5; request += 1) await serve(writing);
    const sixth = serve(writing);
    asked[1]?.answer({ granted: 0, left: 0 });
    await sixth;
    await serve(writing);
    await serve(writing);
    const refusal = await refusalOf(serve(writing));
    expect(refusal.message).toBe('Too many requests from this business. Try again in 1 second.');
    expect(refusal.details).toMatchObject({
      retryAfterSeconds: 1,
      rateLimit: { limit: 80, resetSeconds: 8 },
    });
    expect(asked).toHaveLength(2);
    clock.now += 1_000;
    const later = serve(writing);
    asked[2]?.answer({ granted: 1, left: 0 });
    expect(await later).toBe('written');
  });

  it('asks again when what was lent has expired', async () => {
    const { asked, serve, clock } = await warm();
    clock.now += LEASE_MS;
    const answer = serve(writing);
    asked[1]?.answer({ granted: 8, left: 60 });
    expect(await answer).toBe('written');
  });

  it('does not spend what another business was lent', async () => {
    const { asked, serve } = await warm();
    const answer = serve(writing, aBusinessId());
    await settled();
    expect(asked).toHaveLength(2);
    asked[1]?.answer({ granted: 0, left: 0 });
    await refusalOf(answer);
    expect(await serve(writing)).toBe('written');
  });

  it('is forgotten when an environment has met a thousand others, and is asked for again', async () => {
    const { asked, serve } = await warm();
    const meet = async () => {
      const answer = serve(writing, aBusinessId());
      asked.at(-1)?.answer({ granted: 8, left: 72 });
      await answer;
    };
    for (let other = 2; other <= 1_000; other += 1) await meet();
    expect(await serve(writing)).toBe('written');
    expect(asked).toHaveLength(1_000);
    await meet();
    const again = serve(writing);
    expect(asked).toHaveLength(1_002);
    asked.at(-1)?.answer({ granted: 8, left: 72 });
    await again;
  });

  it('fails as its work fails', async () => {
    const { serve } = await warm();
    await expect(serve(() => Promise.reject(new Error('defect')))).rejects.toThrow('defect');
  });
});

describe('requests that come at once', () => {
  it('ask once, and again when what was lent is too little for all', async () => {
    const { asked, serve } = aLimiter();
    const answers = Promise.all(Array.from({ length: 5 }, () => serve(writing)));
    await settled();
    expect(asked).toHaveLength(1);
    asked[0]?.answer({ granted: 3, left: 77 });
    await settled();
    expect(asked).toHaveLength(2);
    asked[1]?.answer({ granted: 6, left: 71 });
    expect(await answers).toHaveLength(5);
  });
});

describe('a call that counts as several requests', () => {
  it('asks for all of them on top of the usual chunk, and writes when it has them', async () => {
    const { asked, serve, serveBulk } = aLimiter();
    const answer = serveBulk(60, writing);
    expect(asked[0]).toMatchObject({ needed: 60, wanted: 69 });
    asked[0]?.answer({ granted: 69, left: 11 });
    expect(await answer).toBe('written');
    for (let request = 1; request <= 6; request += 1) expect(await serve(writing)).toBe('written');
    expect(asked).toHaveLength(1);
  });

  it('is refused as a whole and writes nothing, with the wait until the bucket has all of them', async () => {
    const { asked, serve, serveBulk, clock } = aLimiter();
    let isWritten = false;
    const write = async (admitted: Admission) => {
      await admitted();
      isWritten = true;
    };
    const answer = serveBulk(60, write);
    asked[0]?.answer({ granted: 0, left: 25 });
    const refusal = await refusalOf(answer);
    expect(refusal.message).toBe('Too many requests from this business. Try again in 4 seconds.');
    expect(refusal.details.retryAfterSeconds).toBe(4);
    clock.now += 3_499;
    expect((await refusalOf(serveBulk(60, write))).details.retryAfterSeconds).toBe(1);
    expect(asked).toHaveLength(1);
    expect(isWritten).toBe(false);
    const single = serve(writing);
    expect(asked).toHaveLength(2);
    asked[1]?.answer({ granted: 8, left: 17 });
    expect(await single).toBe('written');
  });

  it('waits for a borrowing that is under way, and then asks for what it needs itself', async () => {
    const { asked, serve, serveBulk } = aLimiter();
    const answers = Promise.all([serve(writing), serveBulk(60, writing)]);
    asked[0]?.answer({ granted: 10, left: 70 });
    await settled();
    expect(asked[1]).toMatchObject({ needed: 60 });
    asked[1]?.answer({ granted: 60, left: 10 });
    expect(await answers).toEqual(['written', 'written']);
  });

  it('is served from what was lent, though the bucket has refused as many', async () => {
    const { asked, serve, serveBulk } = aLimiter();
    const first = serve(writing);
    asked[0]?.answer({ granted: 9, left: 70 });
    await first;
    const refused = serveBulk(60, writing);
    asked[1]?.answer({ granted: 0, left: 3 });
    await refusalOf(refused);
    const answer = serveBulk(6, writing);
    asked[2]?.answer({ granted: 0, left: 3 });
    expect(await answer).toBe('written');
  });

  it('is not counted when it counts as none', async () => {
    const { asked, serveBulk } = aLimiter();
    expect(await serveBulk(0, writing)).toBe('written');
    expect(asked).toHaveLength(0);
  });
});

describe('a bucket that cannot be read', () => {
  it('refuses nobody, says so in the log, and is asked again by the next', async () => {
    const { asked, serve } = aLimiter();
    const lines = await linesWrittenBy(async () => {
      const answer = serve(writing);
      asked[0]?.fail(new Error('connection refused'));
      expect(await answer).toBe('written');
    });
    expect(lines.filter((line) => line.includes('rate-limit-unread'))).toHaveLength(1);
    expect(lines.join()).not.toContain('connection refused');
    const next = serve(writing);
    asked[1]?.answer({ granted: 0, left: 0 });
    await refusalOf(next);
  });

  it('is not waited for beyond the deadline of the request', async () => {
    const { serve } = aLimiter();
    const lines = await linesWrittenBy(async () => {
      expect(await serve(writing, aBusinessId(), Date.now() + 20)).toBe('written');
    });
    const [unread] = lines.filter((line) => line.includes('rate-limit-unread'));
    expect(unread).toContain('"error":"TookTooLong"');
  });

  it('is waited for a second at most, however late the deadline is', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { serve } = aLimiter();
    let isAnswered = false;
    const answer = serve(writing).finally(() => {
      isAnswered = true;
    });
    const lines = await linesWrittenBy(async () => {
      await jest.advanceTimersByTimeAsync(999);
      expect(isAnswered).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(isAnswered).toBe(true);
    });
    expect(await answer).toBe('written');
    expect(lines.filter((line) => line.includes('rate-limit-unread'))).toHaveLength(1);
  });

  it('is no longer waited for when it has answered: nothing is logged later', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { asked, serve } = aLimiter();
    const answer = serve(writing);
    asked[0]?.answer({ granted: 8, left: 72 });
    expect(await answer).toBe('written');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lends what it answers too late to the next request', async () => {
    const { asked, serve } = aLimiter();
    const businessId = aBusinessId();
    await serve(writing, businessId, Date.now());
    asked[0]?.answer({ granted: 8, left: 72 });
    await settled();
    expect(await serve(writing, businessId)).toBe('written');
    expect(asked).toHaveLength(1);
  });
});
