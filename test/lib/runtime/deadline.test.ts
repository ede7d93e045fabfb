import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { deadlineFrom, remainingMs } from '#lib/runtime/deadline.ts';

const NOW = 1_800_000_000_000;

describe('deadlineFrom', () => {
  it.each([
    [10_000, 8_500],
    [900_000, 898_500],
    [4_000, 3_000],
    [1_200, 900],
    [500, 200],
  ])('of %i ms leaves %i ms to work', (granted, left) => {
    expect(deadlineFrom(granted, NOW) - NOW).toBe(left);
  });

  it('always keeps 300 ms or more for the answer, and never more than 1.5 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900_000 }), (granted) => {
        const reserve = granted - (deadlineFrom(granted, NOW) - NOW);
        expect(reserve).toBeGreaterThanOrEqual(300);
        expect(reserve).toBeLessThanOrEqual(1_500);
      }),
    );
  });
});

describe('remainingMs', () => {
  it('is whole and never below 1, because 0 would mean «no limit» to MongoDB', () => {
    expect(remainingMs(Date.now() - 5_000)).toBe(1);
    expect(remainingMs(0)).toBe(1);
    const left = remainingMs(Date.now() + 5_000.7);
    expect(Number.isInteger(left)).toBe(true);
    expect(left).toBeLessThanOrEqual(5_000);
  });
});
