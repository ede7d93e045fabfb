import { describe, expect, it } from '@jest/globals';
import {
  FIRST_SORTABLE,
  isSortable,
  LAST_SORTABLE,
  readSortable,
  sortableTime,
} from '#lib/domain/sortable-time.ts';
import { fc } from '#test/support/fast-check.ts';

const moment = fc.date({ min: FIRST_SORTABLE, max: LAST_SORTABLE, noInvalidDate: true });

describe('a sortable time', () => {
  it('has 13 digits, from 1970 to 2286', () => {
    expect(sortableTime(FIRST_SORTABLE)).toBe('0000000000000');
    expect(sortableTime(new Date('2026-11-29T10:00:00.000Z'))).toBe('1795946400000');
    expect(sortableTime(LAST_SORTABLE)).toBe('9999999999999');
    expect(LAST_SORTABLE.toISOString()).toBe('2286-11-20T17:46:39.999Z');
  });

  it('sorts as the times do, and is read back with what follows it', () => {
    fc.assert(
      fc.property(moment, moment, fc.string(), (one, other, rest) => {
        expect(sortableTime(one) < sortableTime(other)).toBe(one < other);
        expect(readSortable(`${sortableTime(one)}${rest}`)).toEqual({ at: one, rest });
      }),
    );
  });

  it('is no other time', () => {
    expect([FIRST_SORTABLE, LAST_SORTABLE].map(isSortable)).toEqual([true, true]);
    expect([new Date(-1), new Date(LAST_SORTABLE.getTime() + 1)].map(isSortable)).toEqual([false, false]);
  });
});
