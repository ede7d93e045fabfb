import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { COUNTED_MS, MANY_DENIALS, MOST_MISSES, type Verdict } from '#lib/domain/access/exact-questions.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { countQuestion, takeBackMiss } from '#lib/store/business/exact-questions.ts';
import { borrowRequests } from '#lib/store/business/request-bucket.ts';
import { aScope } from '#test/support/a-scope.ts';
import { passTime } from '#test/support/pass-time.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentIn } from '#test/support/stored.ts';

const service = useService('exact-questions');

const aCaller = (actorId = 'user-1', businessId = aBusinessId()): BusinessScope =>
  aScope(businessId, { actorId, role: 'SUPPORT' });
/** Counts as many questions, one after the other. */
const countMany = async (times: number, scope: BusinessScope): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (let time = 0; time < times; time += 1) verdicts.push(await countQuestion(scope));
  return verdicts;
};
const granted = (verdicts: readonly Verdict[]): number =>
  verdicts.filter(({ isGranted }) => isGranted).length;
const denials = (verdicts: readonly Verdict[]) =>
  verdicts.flatMap((verdict) => (verdict.isGranted ? [] : [verdict.denial]));
const storedOf = async ({ businessId }: BusinessScope): Promise<any[]> =>
  (await documentIn(service, 'rate_limit', { _id: businessId })).exactQuestions;

describe('the misses of a caller', () => {
  it('are as many as the limit, then denied, and each denial is counted up to the one that makes many', async () => {
    const scope = aCaller();
    const verdicts = await countMany(MOST_MISSES + MANY_DENIALS + 2, scope);
    expect(granted(verdicts.slice(0, MOST_MISSES))).toBe(MOST_MISSES);
    const numbers = Array.from({ length: MANY_DENIALS }, (_, index) => index + 1);
    expect(denials(verdicts)).toEqual([...numbers, null, null]);
    expect(await storedOf(scope)).toHaveLength(MOST_MISSES + MANY_DENIALS);
  });

  it('are never more than the limit when they are asked at the same time', async () => {
    const scope = aCaller();
    const verdicts = await Promise.all(Array.from({ length: 60 }, () => countQuestion(scope)));
    expect(granted(verdicts)).toBe(MOST_MISSES);
    expect(denials(verdicts).filter((denial) => denial === MANY_DENIALS)).toHaveLength(1);
  });

  it('that were hits are taken back, once and only the one that hit', async () => {
    const scope = aCaller();
    const [first] = await countMany(MOST_MISSES, scope);
    const id = first?.isGranted === true ? first.id : '';
    await takeBackMiss(id, scope);
    await takeBackMiss(id, scope);
    expect((await storedOf(scope)).map((question) => question.id)).not.toContain(id);
    expect(granted(await countMany(3, scope))).toBe(1);
  });

  it('count for an hour', async () => {
    const scope = aCaller();
    await countMany(MOST_MISSES, scope);
    await passTime(service, scope.businessId, COUNTED_MS - 60_000);
    const [late] = await countMany(1, scope);
    expect(late).toMatchObject({ isGranted: false, denial: 1 });
    expect(late).toHaveProperty('retryAfterSeconds', expect.any(Number));
    if (late?.isGranted !== false) throw new Error('unreachable');
    expect(late.retryAfterSeconds).toBeGreaterThan(0);
    expect(late.retryAfterSeconds).toBeLessThanOrEqual(60);
    await passTime(service, scope.businessId, 60_000);
    expect(granted(await countMany(MOST_MISSES + 1, scope))).toBe(MOST_MISSES);
  });

  it('are of that caller in that business', async () => {
    const scope = aCaller();
    await countMany(MOST_MISSES, scope);
    for (const other of [aCaller('user-2', scope.businessId), aCaller('user-1')])
      expect(granted(await countMany(1, other))).toBe(1);
    expect(granted(await countMany(1, scope))).toBe(0);
  });

  it.each(['$left', '$$ROOT', '$$NOW', 'user.$', '{"$ne":1}'])(
    'are of a caller with any name: %s',
    async (name) => {
      const scope = aCaller(name);
      expect(granted(await countMany(MOST_MISSES + 1, scope))).toBe(MOST_MISSES);
      expect((await storedOf(scope))[0].caller).toBe(name);
    },
  );

  it('and the request bucket of the business do not touch each other', async () => {
    const scope = aCaller();
    const borrowing = { wanted: 1, needed: 1, limit: { perSecond: 0.001, burst: 80 } };
    await borrowRequests(borrowing, scope);
    await countMany(2, scope);
    const { left } = await borrowRequests(borrowing, scope);
    expect(left).toBeCloseTo(78, 0);
    expect(await storedOf(scope)).toHaveLength(2);
    await service.database.collection('rate_limit').deleteOne({ _id: new Types.ObjectId(scope.businessId) });
    await countMany(1, scope);
    expect(await borrowRequests(borrowing, scope)).toEqual({ granted: 1, left: 79 });
  });
});
