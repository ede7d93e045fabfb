import { beforeAll, describe, expect, it } from '@jest/globals';
import { REFUSALS, type Spent } from '#lib/domain/access/caller-budget.ts';
import { Refusal, type RefusalCode } from '#lib/domain/errors.ts';
import type { refusalLimiter } from '#lib/serve/limits/refusal-limiter.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';

let makeLimiter: typeof refusalLimiter;
beforeAll(async () => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
  makeLimiter = (await import('#lib/serve/limits/refusal-limiter.ts')).refusalLimiter;
});

const refused = (code: RefusalCode) => () => Promise.reject(new Refusal(code, 'No.'));
const STRANGE = refused('not-a-member');
const codeOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => 'served',
    (error: unknown) => (error instanceof Refusal ? error.code : error),
  );

/** Limiters of several environments before one budget, kept as the database keeps it. */
const environments = (howMany: number, spentBefore = 0) => {
  const clock = { now: 1_000_000 };
  const counts = new Map<string, { since: number; spent: number; denied: number }>();
  const asked: string[] = [];
  const spend = ({ actorId }: { actorId: string }): Promise<Spent> => {
    asked.push(actorId);
    const kept = counts.get(actorId);
    const isOpen = kept !== undefined && clock.now < kept.since + REFUSALS.windowMs;
    const count = isOpen ? kept : { since: clock.now, spent: spentBefore, denied: 0 };
    counts.set(actorId, count);
    const granted = count.spent < REFUSALS.most;
    if (granted) count.spent += 1;
    else count.denied += 1;
    return Promise.resolve({
      granted,
      denied: count.denied,
      since: new Date(count.since),
      at: new Date(clock.now),
    });
  };
  const limiters = Array.from({ length: howMany }, () => makeLimiter({ spend, now: () => clock.now }));
  const call = (work: () => Promise<unknown>, subject: string | undefined = 'eve', environment = 0) =>
    limiters[environment]!(
      {
        subject,
        requestId: 'r',
        deadline: Date.now() + 5_000,
        isDenial: (code) => code.startsWith('not-'),
      },
      work,
    );
  return { clock, asked, call };
};
const SERVED = () => Promise.resolve('served');

describe('the budget of refusals of one subject', () => {
  it('lets 60 calls a minute be refused in all environments together, and answers 429 to the rest', async () => {
    const { call, clock } = environments(3);
    const codes: unknown[] = [];
    for (let request = 0; request < 1_500; request += 1) {
      clock.now += 20;
      codes.push(await codeOf(call(STRANGE, 'eve', request % 3)));
    }
    expect(codes.filter((code) => code === 'not-a-member')).toHaveLength(60);
    expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(1_440);
    clock.now += REFUSALS.windowMs;
    expect(await codeOf(call(STRANGE))).toBe('not-a-member');
  });

  it('is not asked again while it is known to be empty, and the work is not begun', async () => {
    const { call, asked } = environments(1);
    for (let request = 0; request < 61; request += 1) await codeOf(call(STRANGE));
    let isBegun = false;
    const work = () => {
      isBegun = true;
      return SERVED();
    };
    expect(await codeOf(call(work))).toBe('rate-limited');
    expect([asked.length, isBegun]).toEqual([61, false]);
  });

  it('says when it is full again', async () => {
    const { call, clock } = environments(1);
    await codeOf(call(STRANGE));
    clock.now += 20_500;
    for (let request = 0; request < 59; request += 1) await codeOf(call(STRANGE));
    const told = async () => {
      const error: unknown = await call(STRANGE).catch((thrown: unknown) => thrown);
      return error as Refusal;
    };
    const first = await told();
    expect(first.message).toBe('Too many of your calls were refused. Try again in 40 seconds.');
    expect(first.details).toEqual({ retryAfterSeconds: 40, rateLimit: { limit: 60, resetSeconds: 40 } });
    clock.now += 39_000;
    expect((await told()).message).toBe('Too many of your calls were refused. Try again in 1 second.');
    clock.now += 500;
    expect((await told()).code).toBe('not-a-member');
  });

  it('is spent by denials only', async () => {
    const { call, asked } = environments(1);
    for (let request = 0; request < 200; request += 1) {
      expect(await codeOf(call(SERVED))).toBe('served');
      expect(await codeOf(call(refused('customer-not-found')))).toBe('customer-not-found');
    }
    await expect(call(() => Promise.reject(new Error('defect')))).rejects.toThrow('defect');
    expect(asked).toEqual([]);
  });

  it('is each subject’s own; callers without a usable subject share one', async () => {
    const { call, asked } = environments(1);
    for (let request = 0; request < 61; request += 1) await codeOf(call(STRANGE));
    expect(await codeOf(call(SERVED, 'adam'))).toBe('served');
    expect(await codeOf(call(STRANGE, 'x'.repeat(256)))).toBe('not-a-member');
    expect(await codeOf(call(STRANGE, 'x'.repeat(255)))).toBe('not-a-member');
    expect(await codeOf(makeCallWithoutSubject(call))).toBe('not-a-member');
    expect(asked.slice(61)).toEqual(['', 'x'.repeat(255), '']);
  });

  it('is forgotten by an environment that has met a thousand others, and asked for again', async () => {
    const { call, asked } = environments(1, REFUSALS.most);
    const empty = (subject: string) => codeOf(call(STRANGE, subject));
    for (let other = 0; other < 1_000; other += 1) await empty(`s${String(other)}`);
    const before = asked.length;
    expect(await codeOf(call(STRANGE, 's0'))).toBe('rate-limited');
    expect(asked).toHaveLength(before);
    await empty('one more');
    expect(await codeOf(call(STRANGE, 's0'))).toBe('rate-limited');
    expect(asked.at(-1)).toBe('s0');
  });

  it('is reported once when it is used up, by subject and as a metric', async () => {
    const { call } = environments(2);
    const lines = await linesWrittenBy(async () => {
      for (let request = 0; request < 80; request += 1) await codeOf(call(STRANGE, 'eve', request % 2));
    });
    const told = lines.filter((line) => line.includes('caller-denied-often'));
    expect(told.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ limit: 'refusals', actor: 'eve' }),
    ]);
    expect(metricsIn(lines)).toEqual(['CallerDeniedOften']);
  });

  it('is reported without a subject where there is none', async () => {
    const { call } = environments(1);
    const lines = await linesWrittenBy(async () => {
      for (let request = 0; request < 61; request += 1) await codeOf(makeCallWithoutSubject(call));
    });
    const [told] = lines.filter((line) => line.includes('caller-denied-often'));
    expect(JSON.parse(told ?? '{}')).not.toHaveProperty('actor');
  });
});

const makeCallWithoutSubject = (call: ReturnType<typeof environments>['call']) => call(STRANGE, '');

describe('a budget that cannot be counted', () => {
  it('does not change the refusal, and says so in the log', async () => {
    const limiter = makeLimiter({ spend: () => Promise.reject(new Error('no database')), now: Date.now });
    const asking = { subject: undefined, requestId: 'r', deadline: Date.now() + 5_000, isDenial: () => true };
    const lines = await linesWrittenBy(async () => {
      expect(await codeOf(limiter(asking, STRANGE))).toBe('not-a-member');
    });
    expect(lines.filter((line) => line.includes('refusal-uncounted'))).toHaveLength(1);
    expect(lines.join()).not.toContain('no database');
  });

  it('is not waited for beyond the deadline of the call', async () => {
    const limiter = makeLimiter({ spend: () => new Promise(() => undefined), now: Date.now });
    const asking = { subject: 'eve', requestId: 'r', deadline: Date.now() + 20, isDenial: () => true };
    expect(await codeOf(limiter(asking, STRANGE))).toBe('not-a-member');
  });
});
