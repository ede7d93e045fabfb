import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import type { RateLimit } from '#lib/domain/rate-limit.ts';
import { borrowRequests } from '#lib/store/rate-limit.ts';
import { aScope } from '#test/support/a-scope.ts';
import { lend } from '#test/support/bucket.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentIn, documentsIn } from '#test/support/stored.ts';

const service = useService('rate-limit');
const LIMIT: RateLimit = { perSecond: 10, burst: 80 };
const bucketOf = (_id: string) => documentIn(service, 'rate_limit', { _id });
const hold = (businessId: string, left: number, at: Date) =>
  service.database
    .collection('rate_limit')
    .insertOne({ _id: new Types.ObjectId(businessId), left, at, granted: 0 });

describe('the bucket of a business', () => {
  it('is full when nobody has seen the business before, and knows nothing of it but its id', async () => {
    const businessId = aBusinessId();
    expect(await borrowRequests({ wanted: 8, limit: LIMIT }, aScope(businessId))).toEqual({
      granted: 8,
      left: 72,
    });
    expect(Object.keys(await bucketOf(businessId)).sort()).toEqual(['_id', 'at', 'granted', 'left']);
  });

  it('lends as the model says, for any bucket and any wish', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          left: fc.double({ min: 0, max: 300, noNaN: true }),
          ageMs: fc.integer({ min: -60_000, max: 60_000 }),
          wanted: fc.integer({ min: 1, max: 400 }),
          perSecond: fc.integer({ min: 1, max: 50 }),
          burst: fc.integer({ min: 1, max: 300 }),
        }),
        async ({ left, ageMs, wanted, ...limit }) => {
          const businessId = aBusinessId();
          const at = Date.now() - ageMs;
          await hold(businessId, left, new Date(at));
          const grant = await borrowRequests({ wanted, limit }, aScope(businessId));
          const after = await bucketOf(businessId);
          const expected = lend({ left, at }, { wanted, limit }, after.at.getTime());
          expect(grant.granted).toBe(expected.grant.granted);
          expect(grant.left).toBeCloseTo(expected.grant.left, 6);
          expect(after).toMatchObject(grant);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('lends nothing twice to environments that ask at once, not even at first sight', async () => {
    const businessId = aBusinessId();
    const limit = { perSecond: 0.001, burst: 20 };
    const grants = await Promise.all(
      Array.from({ length: 60 }, () => borrowRequests({ wanted: 1, limit }, aScope(businessId))),
    );
    expect(grants.reduce((sum, { granted }) => sum + granted, 0)).toBe(20);
  });

  it('fills by the database’s clock; one that was set back fills nothing, and goes on from there', async () => {
    const businessId = aBusinessId();
    await hold(businessId, 5, new Date(Date.now() + 3_600_000));
    expect(await borrowRequests({ wanted: 1, limit: LIMIT }, aScope(businessId))).toEqual({
      granted: 1,
      left: 4,
    });
    expect(Math.abs((await bucketOf(businessId)).at.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('follows a limit that has changed since', async () => {
    const businessId = aBusinessId();
    await borrowRequests({ wanted: 1, limit: { perSecond: 1, burst: 1_000 } }, aScope(businessId));
    const { granted, left } = await borrowRequests(
      { wanted: 9, limit: { perSecond: 1, burst: 10 } },
      aScope(businessId),
    );
    expect(granted + left).toBe(10);
  });

  it('is the business’s own', async () => {
    const [one, other] = [aBusinessId(), aBusinessId()];
    await borrowRequests({ wanted: 8, limit: LIMIT }, aScope(one));
    await borrowRequests({ wanted: 1, limit: LIMIT }, aScope(other));
    const ids = [one, other].map((id) => new Types.ObjectId(id));
    const buckets = await documentsIn(service, 'rate_limit', { _id: { $in: ids } });
    expect(buckets.map(({ left }) => left).sort()).toEqual([72, 79]);
  });
});
