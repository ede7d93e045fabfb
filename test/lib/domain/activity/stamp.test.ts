import { describe, expect, it } from '@jest/globals';
import { isNewer, stampOf } from '#lib/domain/activity/stamp.ts';
import { fc } from '#test/support/fast-check.ts';

describe('a stamp', () => {
  it('orders events by their time, then by their id', () => {
    const event = fc.record({
      time: fc.date({ min: new Date(0), max: new Date(9_999_999_999_999), noInvalidDate: true }),
      id: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(event, event, (one, other) => {
        const isLater =
          one.time > other.time || (one.time.getTime() === other.time.getTime() && one.id > other.id);
        expect(isNewer(stampOf(one), stampOf(other))).toBe(isLater);
      }),
    );
  });

  it('has 13 digits of milliseconds, and anything is newer than nothing', () => {
    expect(stampOf({ time: new Date(5), id: 'e' })).toBe('0000000000005e');
    expect(isNewer('0', null)).toBe(true);
  });

  it('of the same event is not newer', () => {
    const stamp = stampOf({ time: new Date(5), id: 'e' });
    expect(isNewer(stamp, stamp)).toBe(false);
  });
});
