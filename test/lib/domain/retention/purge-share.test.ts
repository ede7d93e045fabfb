import { describe, expect, it } from '@jest/globals';
import { exceedsShare } from '#lib/domain/retention/purge-share.ts';

const LIMITS = { largestShare: 0.25, shareCountsFrom: 10 };

describe('exceedsShare', () => {
  it.each([
    ['the largest share is not too much', 25, 100, false],
    ['one more is', 26, 100, true],
    ['fewer than count are never too many', 9, 9, false],
    ['as few as count are', 10, 10, true],
    ['nothing due is never too much', 0, 0, false],
  ])('%s: %i of %i', (_what, due, total, exceeds) => {
    expect(exceedsShare({ businessId: 'any', due, total }, LIMITS)).toBe(exceeds);
  });
});
