import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { DEFAULT_RATE_LIMIT } from '#lib/contract/default-rate-limit.ts';
import {
  type Allowance,
  FIRST_CHUNK,
  isLow,
  LEASE_MS,
  lent,
  newAllowance,
  overdrawn,
  type RateLimit,
  spend,
  wanted,
} from '#lib/domain/business/request-allowance.ts';
import { type Bucket, lend } from '#test/support/bucket.ts';

const LIMIT: RateLimit = { perSecond: 10, burst: 200 };
const NOW = 1_000_000;

/** An environment that was lent so much just now. */
const lentOnce = (granted: number, left = 0) => lent(newAllowance(LIMIT), { granted, left }, NOW);
const spendTimes = (allowance: Allowance, times: number, now = NOW): Allowance | null =>
  Array.from({ length: times }).reduce<Allowance | null>((left) => left && spend(left, now), allowance);

describe('what an environment was lent', () => {
  it('serves exactly that many requests', () => {
    expect(spendTimes(lentOnce(3), 3)).not.toBeNull();
    expect(spendTimes(lentOnce(3), 4)).toBeNull();
    expect(spend(newAllowance(LIMIT), NOW)).toBeNull();
  });

  it('expires', () => {
    expect(spend(lentOnce(3), NOW + LEASE_MS - 1)).not.toBeNull();
    expect(spend(lentOnce(3), NOW + LEASE_MS)).toBeNull();
  });

  it('counts from when it was asked for, each chunk for itself, the oldest spent first', () => {
    const two = lent(lentOnce(2), { granted: 5, left: 0 }, NOW + 1_000);
    expect(spendTimes(two, 7, NOW + 1_000)).not.toBeNull();
    expect(spendTimes(two, 5, NOW + LEASE_MS)).not.toBeNull();
    expect(spendTimes(two, 6, NOW + LEASE_MS)).toBeNull();
    const oneLess = spend(two, NOW + 1_000)!;
    expect(spendTimes(oneLess, 5, NOW + LEASE_MS)).not.toBeNull();
  });

  it('is low when a quarter is left, so that more is asked for in time', () => {
    expect(isLow(spendTimes(lentOnce(8), 5)!, NOW)).toBe(false);
    expect(isLow(spendTimes(lentOnce(8), 6)!, NOW)).toBe(true);
  });

  it('is not low as long as the bucket has said no', () => {
    const refused = lent(spendTimes(lentOnce(8), 7)!, { granted: 0, left: 0 }, NOW);
    expect(isLow(refused, NOW + 999)).toBe(false);
    expect(isLow(refused, NOW + 1_000)).toBe(true);
    expect(spend(refused, NOW)).not.toBeNull();
  });
});

describe('how much an environment asks for', () => {
  it('is little at first', () => {
    expect(wanted(newAllowance(LIMIT), NOW)).toBe(FIRST_CHUNK);
  });

  it.each([
    ['doubles when the last chunk went fast', LEASE_MS / 2 - 1, 80],
    ['stays when it did its time', LEASE_MS / 2, 40],
    ['halves when it outlived its time', LEASE_MS, 20],
  ])('%s', (_, age, chunk) => {
    expect(wanted(lentOnce(40), NOW + age)).toBe(chunk);
  });

  it('never sinks below the first chunk', () => {
    expect(wanted(lentOnce(1), NOW + 10 * LEASE_MS)).toBe(FIRST_CHUNK);
  });
});

describe('a refusal of the bucket', () => {
  it('holds a second at least, and says when the whole burst is back', () => {
    const refused = lent(newAllowance(LIMIT), { granted: 0, left: 0.5 }, NOW);
    expect(overdrawn(refused, NOW)).toEqual({ limit: 200, retryAfterSeconds: 1, resetSeconds: 20 });
    expect(overdrawn(refused, NOW + 999)).toMatchObject({ retryAfterSeconds: 1, resetSeconds: 19 });
    expect(overdrawn(refused, NOW + 1_000)).toBeNull();
  });

  it('holds until one request is there where that takes longer', () => {
    const slow = newAllowance({ perSecond: 0.25, burst: 2 });
    const refused = lent(slow, { granted: 0, left: 0.5 }, NOW);
    expect(overdrawn(refused, NOW + 1_000)).toMatchObject({ retryAfterSeconds: 1, resetSeconds: 5 });
    expect(overdrawn(refused, NOW)).toMatchObject({ retryAfterSeconds: 2 });
    expect(overdrawn(refused, NOW + 2_000)).toBeNull();
  });

  it('is none for who never asked', () => {
    expect(overdrawn(newAllowance(LIMIT), NOW)).toBeNull();
  });
});

describe('a request that counts as several', () => {
  it('is taken from several chunks, the oldest first, or not at all', () => {
    const two = lent(lentOnce(2), { granted: 5, left: 0 }, NOW + 1_000);
    expect(spend(two, NOW + 1_000, 8)).toBeNull();
    expect(spend(two, NOW + 1_000, 7)?.leases.map(({ left }) => left)).toEqual([0, 0]);
    expect(spend(two, NOW + 1_000, 3)?.leases.map(({ left }) => left)).toEqual([0, 4]);
  });

  it('waits until the bucket has all of them, while smaller ones are not refused', () => {
    const refused = lent(newAllowance(LIMIT), { granted: 0, left: 60 }, NOW);
    expect(overdrawn(refused, NOW, 100)).toEqual({ limit: 200, retryAfterSeconds: 4, resetSeconds: 14 });
    expect(overdrawn(refused, NOW + 3_999, 100)).toMatchObject({ retryAfterSeconds: 1 });
    expect(overdrawn(refused, NOW + 4_000, 100)).toBeNull();
    expect(overdrawn(refused, NOW, 60)).toBeNull();
    expect(overdrawn(refused, NOW)).toBeNull();
  });

  it('waits for a full bucket when it counts as more than the burst', () => {
    const small = newAllowance({ perSecond: 10, burst: 30 });
    const refused = lent(small, { granted: 0, left: 0 }, NOW);
    expect(overdrawn(refused, NOW, 100)).toMatchObject({ retryAfterSeconds: 3, resetSeconds: 3 });
    expect(overdrawn(refused, NOW + 3_000, 100)).toBeNull();
  });

  it.each([
    ['the usual burst', { perSecond: 50, burst: 1_200 }],
    ['a burst of its size', { perSecond: 10, burst: 100 }],
    ['a burst below its size', { perSecond: 2, burst: 30 }],
    ['a burst of one', { perSecond: 0.5, burst: 1 }],
  ])('of 100 is always admitted when it comes again after the wait that it was told: %s', (_, limit) => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: limit.burst, noNaN: true }), (left) => {
        const wish = { wanted: 109, needed: 100, limit };
        const first = lend({ left, at: NOW }, wish, NOW);
        if (first.grant.granted > 0) return;
        const refusal = overdrawn(lent(newAllowance(limit), first.grant, NOW), NOW, 100)!;
        const later = NOW + refusal.retryAfterSeconds * 1_000;
        expect(lend(first.bucket, wish, later).grant.granted).toBeGreaterThanOrEqual(100);
        // A second less would not do, except for the shortest pause, and where a rounding error is all that is missing.
        const missing = Math.min(100, limit.burst) - first.bucket.left;
        const isExact = Math.abs(missing / limit.perSecond - (refusal.retryAfterSeconds - 1)) > 1e-3;
        if (refusal.retryAfterSeconds > 1 && isExact)
          expect(lend(first.bucket, wish, later - 1_000).grant.granted).toBe(0);
      }),
    );
  });

  it('does not change how much is asked for next', () => {
    const bulk = lent(newAllowance(LIMIT), { granted: 109, left: 0, needed: 100 }, NOW);
    expect(wanted(bulk, NOW)).toBe(2 * FIRST_CHUNK);
    expect(isLow(spend(bulk, NOW, 100)!, NOW)).toBe(false);
  });
});

describe('all environments together', () => {
  type Step = Readonly<{
    environment: number;
    afterMs: number;
    fate: 'now' | 'late' | 'dies';
    /** More than one for a bulk. */
    requests?: number;
  }>;
  const steps = fc.array(
    fc.record({
      environment: fc.nat(4),
      afterMs: fc.oneof(fc.constant(0), fc.nat(200), fc.nat(40_000)),
      fate: fc.constantFrom<Step['fate']>('now', 'now', 'now', 'late', 'dies'),
      requests: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 100 })),
    }),
    { minLength: 1, maxLength: 400 },
  );
  const limits = fc
    .record({
      perSecond: fc.double({ min: 0.5, max: 100, noNaN: true }),
      burst: fc.integer({ min: 1, max: 300 }),
    })
    .map(({ perSecond, burst }) => ({ perSecond, burst: Math.max(burst, Math.ceil(perSecond)) }));

  /** When requests were served: each step is one request somewhere, with the bucket's answer now, later or never. */
  const served = (limit: RateLimit, all: readonly Step[]): number[] => {
    let bucket: Bucket | null = null;
    let now = 0;
    const environments = new Map<number, Allowance>();
    const onTheWay: (() => void)[] = [];
    const times: number[] = [];
    const serve = (environment: number, requests: number): boolean => {
      const rest = spend(environments.get(environment) ?? newAllowance(limit), now, requests);
      if (rest === null) return false;
      environments.set(environment, rest);
      times.push(...Array<number>(requests).fill(now));
      return true;
    };
    for (const { environment, afterMs, fate, requests = 1 } of all) {
      now += afterMs;
      const isServed = serve(environment, requests);
      const allowance = environments.get(environment) ?? newAllowance(limit);
      if (isServed ? !isLow(allowance, now) : overdrawn(allowance, now, requests) !== null) continue;
      const needed = isServed ? 1 : requests;
      const lending = lend(bucket, { wanted: wanted(allowance, now) + needed - 1, needed, limit }, now);
      ({ bucket } = lending);
      const askedAt = now;
      const arrive = () => {
        const known = environments.get(environment) ?? newAllowance(limit);
        environments.set(environment, lent(known, { ...lending.grant, needed }, askedAt));
        if (!isServed) serve(environment, requests);
      };
      if (fate === 'now') arrive();
      if (fate === 'late') onTheWay.push(arrive);
      if (fate === 'dies') environments.delete(environment);
      if (fate !== 'late') onTheWay.shift()?.();
    }
    return times;
  };

  /** A bulk of 100 is served even where the burst is smaller. */
  const most = ({ burst }: RateLimit): number => Math.max(burst, 100);

  it('never serve more than burst + rate x time, however they ask, wait and die', () => {
    fc.assert(
      fc.property(limits, steps, (limit, all) => {
        for (const [index, time] of served(limit, all).entries())
          expect(index + 1).toBeLessThanOrEqual(most(limit) + (limit.perSecond * time) / 1_000 + 1e-6);
      }),
      { numRuns: 500 },
    );
  });

  it('serve in any stretch of time what a lease may add to that, and no more', () => {
    fc.assert(
      fc.property(limits, steps, (limit, all) => {
        const times = served(limit, all);
        for (const [first, from] of times.entries())
          for (let last = first; last < times.length; last += 7) {
            const seconds = ((times[last] ?? 0) - from + LEASE_MS) / 1_000;
            expect(last - first + 1).toBeLessThanOrEqual(most(limit) + limit.perSecond * seconds + 1e-6);
          }
      }),
      { numRuns: 200 },
    );
  });

  it.each([1, 3, 10])('let a loud business have its whole share, spread over %i of them', (count) => {
    const limit = { perSecond: 50, burst: 100 };
    const seconds = 60;
    const all = Array.from({ length: seconds * 500 }, (_, index) => ({
      environment: index % count,
      afterMs: 2,
      fate: 'now' as const,
    }));
    const share = limit.burst + limit.perSecond * seconds;
    expect(served(limit, all).length / share).toBeGreaterThan(0.9);
  });

  it('let a panel send 1,000 changes made offline at once, while others are at work', () => {
    const changes = Array.from({ length: 1_000 }, (_, index): Step => ({
      environment: index % 4,
      afterMs: 4,
      fate: 'now',
    }));
    const work = changes.map((change, index): Step => ({
      ...change,
      environment: 4 + (index % 10),
      afterMs: 0,
    }));
    const all = changes.flatMap((change, index) => [
      change,
      ...work.slice(index, index + (index % 20 === 0 ? 1 : 0)),
    ]);
    expect(served(DEFAULT_RATE_LIMIT, all)).toHaveLength(1_050);
  });

  it('refuse a business nothing that stays within its rate', () => {
    const limit = { perSecond: 20, burst: 60 };
    let bucket: Bucket | null = null;
    let allowance = newAllowance(limit);
    for (let now = 0; now < 600_000; now += 50) {
      const rest = spend(allowance, now);
      if (rest === null || isLow(rest, now)) {
        const lending = lend(bucket, { wanted: wanted(rest ?? allowance, now), limit }, now);
        ({ bucket } = lending);
        allowance = lent(rest ?? allowance, lending.grant, now);
      } else allowance = rest;
      expect(overdrawn(allowance, now)).toBeNull();
    }
  });
});
