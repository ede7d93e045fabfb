import { describe, expect, it } from '@jest/globals';
import { isFirstTime } from '#lib/domain/activity/first-time.ts';

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));
const ordered = (number: number, isCounted = true) => ({ startAt: day(number), isCounted });

describe('the first time', () => {
  it('is it when no order begins before the moment', () => {
    expect(isFirstTime({ firstOrderAt: null, excepted: [] }, day(5))).toBe(true);
    expect(isFirstTime({ firstOrderAt: day(5), excepted: [] }, day(5))).toBe(true);
    expect(isFirstTime({ firstOrderAt: day(6), excepted: [] }, day(5))).toBe(true);
  });

  it('is it not when an order begins before', () => {
    expect(isFirstTime({ firstOrderAt: day(4), excepted: [] }, day(5))).toBe(false);
  });

  it('is it not when the order that is left out begins after the first one, or counts nothing', () => {
    expect(isFirstTime({ firstOrderAt: day(2), excepted: [ordered(3)] }, day(5))).toBe(false);
    expect(isFirstTime({ firstOrderAt: day(2), excepted: [ordered(2, false)] }, day(5))).toBe(false);
    expect(isFirstTime({ firstOrderAt: day(2), excepted: [ordered(3), ordered(2, false)] }, day(5))).toBe(
      false,
    );
  });

  it('is unknown when the order that is left out may be the first one', () => {
    expect(isFirstTime({ firstOrderAt: day(2), excepted: [ordered(2)] }, day(5))).toBeNull();
    expect(isFirstTime({ firstOrderAt: day(2), excepted: [ordered(3), ordered(2)] }, day(5))).toBeNull();
  });
});
