import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { Types } from 'mongoose';
import type { RateLimit } from '#lib/domain/business/request-allowance.ts';
import { borrowRequests } from '#lib/store/business/request-bucket.ts';
import { aScope } from '#test/support/a-scope.ts';
import { lend } from '#test/support/bucket.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn } from '#test/support/stored.ts';

const service = useService('rate-limit');
const LIMIT: RateLimit = { perSecond: 10, burst: 80 };
const bucketOf = (_id: string) => documentIn(service, 'rate_limit', { _id });
const hold = (businessId: string, left: number, at: Date) =>
  service.database
    .collection('rate_limit')
    .insertOne({ _id: new Types.ObjectId(businessId), left, at, granted: 0 });

describe('the bucket of a business', () => {
  it('is full for a business without a bucket, and stores nothing of it but its id', async () => {
    const businessId = aBusinessId();
    expect(await borrowRequests({ wanted: 8, needed: 1, limit: LIMIT }, aScope(businessId))).toEqual({
      granted: 8,
      left: 72,
    });
    const stored = await bucketOf(businessId);
    expect(Object.keys(stored).sort()).toEqual(['_id', 'at', 'granted', 'left', 'pullsLeft']);
  });

  it('lends as the model says, for any bucket and any wish', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          left: fc.double({ min: -200, max: 300, noNaN: true }),
          ageMs: fc.integer({ min: -60_000, max: 60_000 }),
          needed: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 400 })),
          more: fc.integer({ min: 0, max: 400 }),
          perSecond: fc.integer({ min: 1, max: 50 }),
          burst: fc.integer({ min: 1, max: 300 }),
        }),
        async ({ left, ageMs, needed, more, ...limit }) => {
          const businessId = aBusinessId();
          const at = Date.now() - ageMs;
          await hold(businessId, left, new Date(at));
          const wish = { wanted: needed + more, needed, limit };
          const grant = await borrowRequests(wish, aScope(businessId));
          const after = await bucketOf(businessId);
          const expected = lend({ left, at }, wish, after.at.getTime());
          expect(grant.granted).toBe(expected.grant.granted);
          expect(grant.left).toBeCloseTo(expected.grant.left, 6);
          expect(after).toMatchObject(grant);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('lends nothing twice to environments that ask at the same time, not even when the bucket is created', async () => {
    const businessId = aBusinessId();
    const limit = { perSecond: 0.001, burst: 20 };
    const grants = await Promise.all(
      Array.from({ length: 60 }, () => borrowRequests({ wanted: 1, needed: 1, limit }, aScope(businessId))),
    );
    expect(grants.reduce((sum, { granted }) => sum + granted, 0)).toBe(20);
  });

  it('lends to a large request all that it needs or nothing, and nothing is gone when it refuses', async () => {
    const businessId = aBusinessId();
    const limit = { perSecond: 0.001, burst: 80 };
    const large = { wanted: 50, needed: 50, limit };
    expect(await borrowRequests(large, aScope(businessId))).toEqual({ granted: 50, left: 30 });
    const refusal = await borrowRequests(large, aScope(businessId));
    expect(refusal).toEqual({ granted: 0, left: expect.closeTo(30, 1) });
    expect((await borrowRequests({ wanted: 1, needed: 1, limit }, aScope(businessId))).granted).toBe(1);
  });

  it('lends more than the burst when it is full, and owes the rest', async () => {
    const businessId = aBusinessId();
    const limit = { perSecond: 0.001, burst: 30 };
    const large = { wanted: 100, needed: 100, limit };
    expect(await borrowRequests(large, aScope(businessId))).toEqual({ granted: 100, left: -70 });
    const { granted, left } = await borrowRequests({ wanted: 1, needed: 1, limit }, aScope(businessId));
    expect([granted, Math.round(left)]).toEqual([0, -70]);
  });

  it('fills by the database’s clock; one that was set back adds nothing, and later refills count from it', async () => {
    const businessId = aBusinessId();
    await hold(businessId, 5, new Date(Date.now() + 3_600_000));
    expect(await borrowRequests({ wanted: 1, needed: 1, limit: LIMIT }, aScope(businessId))).toEqual({
      granted: 1,
      left: 4,
    });
    expect(Math.abs((await bucketOf(businessId)).at.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('follows a limit that has changed since', async () => {
    const businessId = aBusinessId();
    await borrowRequests({ wanted: 1, needed: 1, limit: { perSecond: 1, burst: 1_000 } }, aScope(businessId));
    const { granted, left } = await borrowRequests(
      { wanted: 9, needed: 1, limit: { perSecond: 1, burst: 10 } },
      aScope(businessId),
    );
    expect(granted + left).toBe(10);
  });

  it('lies beside the one for pulls, which is ten times as large and fills ten times as fast', async () => {
    const businessId = aBusinessId();
    const wish = { wanted: 8, needed: 1, limit: LIMIT };
    const scope = aScope(businessId);
    expect(await borrowRequests({ ...wish, bucket: 'pull' }, scope)).toEqual({ granted: 8, left: 792 });
    expect((await borrowRequests({ ...wish, bucket: 'desk' }, scope)).left).toBe(72);
    const { left, pullsLeft } = await bucketOf(businessId);
    expect(left).toBe(72);
    expect(pullsLeft).toBeGreaterThanOrEqual(792);
    expect(await countIn(service, 'rate_limit', { _id: businessId })).toBe(1);
  });

  it('fills both for the time that has passed, whichever is asked', async () => {
    for (const bucket of ['desk', 'pull'] as const) {
      const businessId = aBusinessId();
      const at = Date.now() - 2_000;
      await service.database.collection('rate_limit').insertOne({
        _id: new Types.ObjectId(businessId),
        left: 1,
        pullsLeft: 2,
        at: new Date(at),
        granted: 0,
      });
      const { granted } = await borrowRequests(
        { wanted: 1, needed: 1, limit: LIMIT, bucket },
        aScope(businessId),
      );
      const after = await bucketOf(businessId);
      const seconds = (after.at.getTime() - at) / 1_000;
      expect(granted).toBe(1);
      expect(after.left).toBeCloseTo(Math.min(80, 1 + 10 * seconds) - (bucket === 'desk' ? 1 : 0), 6);
      expect(after.pullsLeft).toBeCloseTo(Math.min(800, 2 + 100 * seconds) - (bucket === 'pull' ? 1 : 0), 6);
    }
  });

  it('lends nothing of one when the other is empty', async () => {
    const limit = { perSecond: 0.000_1, burst: 2 };
    const wish = { wanted: 1, needed: 1, limit };
    const scope = aScope(aBusinessId());
    const taken = async (bucket: 'desk' | 'pull') => {
      let sum = 0;
      while ((await borrowRequests({ ...wish, bucket }, scope)).granted > 0) sum += 1;
      return sum;
    };
    expect([await taken('desk'), await taken('pull'), await taken('desk')]).toEqual([2, 20, 0]);
  });

  it('is the business’s own', async () => {
    const [one, other] = [aBusinessId(), aBusinessId()];
    await borrowRequests({ wanted: 8, needed: 1, limit: LIMIT }, aScope(one));
    await borrowRequests({ wanted: 1, needed: 1, limit: LIMIT }, aScope(other));
    const ids = [one, other].map((id) => new Types.ObjectId(id));
    const buckets = await documentsIn(service, 'rate_limit', { _id: { $in: ids } });
    expect(buckets.map(({ left }) => left).sort()).toEqual([72, 79]);
  });
});
