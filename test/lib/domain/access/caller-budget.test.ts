import { describe, expect, it } from '@jest/globals';
import { msUntilFull, REFUSALS } from '#lib/domain/access/caller-budget.ts';

const spent = (age: number) => ({ granted: false, denied: 1, since: new Date(0), at: new Date(age) });

describe('the budget of a caller', () => {
  it('is 60 refusals a minute', () => {
    expect(REFUSALS).toEqual({ most: 60, windowMs: 60 * 1_000 });
  });

  it('is full again when its window ends', () => {
    expect(msUntilFull(REFUSALS, spent(0))).toBe(60_000);
    expect(msUntilFull(REFUSALS, spent(59_000))).toBe(1_000);
  });
});
