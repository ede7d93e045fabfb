import { describe, expect, it } from '@jest/globals';
import type { CallerBudget, Spent } from '#lib/domain/access/caller-budget.ts';
import { USES_OF_A_LINK, USES_OF_ALL_LINKS } from '#lib/domain/access/link-budget.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { linkLimiter } from '#lib/serve/limits/link-limiter.ts';

/** A limiter before counts that are kept as the database keeps them. */
const aLimiter = () => {
  const clock = { now: 1_000_000 };
  const counts = new Map<string, { since: number; spent: number }>();
  const asked: string[] = [];
  const spend = ({ actorId }: { actorId: string }, { most, windowMs }: CallerBudget): Promise<Spent> => {
    asked.push(actorId);
    const kept = counts.get(actorId);
    const isOpen = kept !== undefined && clock.now < kept.since + windowMs;
    const count = isOpen ? kept : { since: clock.now, spent: 0 };
    counts.set(actorId, count);
    const granted = count.spent < most;
    if (granted) count.spent += 1;
    return Promise.resolve({ granted, denied: 0, since: new Date(count.since), at: new Date(clock.now) });
  };
  const limit = linkLimiter({ spend, now: () => clock.now });
  const use = (token: string): Promise<unknown> =>
    limit({ token, requestId: 'r', deadline: Date.now() + 5_000 }).then(
      () => 'served',
      (error: unknown) => (error instanceof Refusal ? error : Promise.reject(error as Error)),
    );
  return { clock, counts, asked, use };
};

describe('the uses of a link', () => {
  it('are limited in a minute, and again in the next', async () => {
    const { clock, asked, use } = aLimiter();
    for (let time = 0; time < USES_OF_A_LINK.most; time += 1) expect(await use('a')).toBe('served');
    expect(await use('a')).toMatchObject({
      code: 'rate-limited',
      message: 'This link was used too often. Try again in 60 seconds.',
      details: { retryAfterSeconds: 60, rateLimit: { limit: USES_OF_A_LINK.most } },
    });
    const known = asked.length;
    expect(await use('a')).toMatchObject({ code: 'rate-limited' });
    expect(asked).toHaveLength(known);
    clock.now += 60_000;
    expect(await use('a')).toBe('served');
  });

  it('are counted apart for each link, by a hash of its token, and together for all', async () => {
    const { counts, use } = aLimiter();
    for (const token of ['a', 'b', 'a']) await use(token);
    expect([...counts.values()].map(({ spent }) => spent)).toEqual([2, 3, 1]);
    const [first, all] = [...counts.keys()];
    expect(first).toMatch(/^link:[\w-]{43}$/);
    expect(all).toBe('link:all');
  });

  it('that are refused for the link itself do not count for all', async () => {
    const { counts, use } = aLimiter();
    for (let time = 0; time < USES_OF_A_LINK.most + 5; time += 1) await use('a');
    expect(counts.get('link:all')?.spent).toBe(USES_OF_A_LINK.most);
  });

  it('are limited for all links together', async () => {
    const { use } = aLimiter();
    for (let link = 0; link < USES_OF_ALL_LINKS.most; link += 1)
      expect(await use(`link ${String(link)}`)).toBe('served');
    expect(await use('one more')).toMatchObject({
      message: 'Too many unsubscribe links are used at the moment. Try again in 60 seconds.',
    });
  });

  it('are served when they cannot be counted', async () => {
    const limit = linkLimiter({ spend: () => Promise.reject(new Error('gone')), now: Date.now });
    await limit({ token: 'a', requestId: 'r', deadline: Date.now() + 5_000 });
    const slow = linkLimiter({ spend: () => new Promise(() => undefined), now: Date.now });
    await slow({ token: 'a', requestId: 'r', deadline: Date.now() + 20 });
  });

  it('wait a second for the count at most, and not beyond the deadline', async () => {
    const deadlines: number[] = [];
    const spend = ({ deadline }: { deadline: number }): Promise<Spent> => {
      deadlines.push(deadline);
      return Promise.resolve({ granted: true, denied: 0, since: new Date(), at: new Date() });
    };
    const limit = linkLimiter({ spend, now: Date.now });
    const before = Date.now();
    await limit({ token: 'a', requestId: 'r', deadline: before + 60_000 });
    for (const deadline of deadlines) {
      expect(deadline).toBeGreaterThanOrEqual(before + 1_000);
      expect(deadline).toBeLessThanOrEqual(Date.now() + 1_000);
    }
    const near = Date.now() + 500;
    await limit({ token: 'b', requestId: 'r', deadline: near });
    expect(deadlines.slice(2)).toEqual([near, near]);
  });

  it('are forgotten by the environment when it has refused very many links', async () => {
    const asked: string[] = [];
    const spend = ({ actorId }: { actorId: string }): Promise<Spent> => {
      asked.push(actorId);
      return Promise.resolve({ granted: false, denied: 1, since: new Date(1_000), at: new Date(1_000) });
    };
    const limit = linkLimiter({ spend, now: () => 1_000 });
    const use = (token: string) => limit({ token, requestId: 'r', deadline: Date.now() + 5_000 });
    for (let link = 0; link < 1_000; link += 1) await use(`link ${String(link)}`).catch(() => undefined);
    await use('link 0').catch(() => undefined);
    expect(asked).toHaveLength(1_000);
    await use('one more').catch(() => undefined);
    await use('link 0').catch(() => undefined);
    expect(asked).toHaveLength(1_002);
  });
});
