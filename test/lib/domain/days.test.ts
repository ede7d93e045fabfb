import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { dayOf, dayRange, daysOf, dayText, startOf } from '#lib/domain/days.ts';
import { Refusal } from '#lib/domain/errors.ts';

const at = (text: string): Date => new Date(text);
const NOW = at('2026-03-01T23:59:59.999Z');
const texts = (asked: { from?: Date; to?: Date }): [string, string] => {
  const { from, to } = dayRange(asked, NOW);
  return [dayText(from), dayText(to)];
};

describe('a day', () => {
  it('holds every moment from its beginning up to the next one’s, in UTC', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (moment) => {
        const day = dayOf(moment);
        fc.pre(Math.abs(day) < 99_999_999);
        expect(startOf(day) <= moment && moment < startOf(day + 1)).toBe(true);
      }),
    );
  });

  it('is written as the calendar has it', () => {
    expect(dayText(dayOf(at('2024-02-29T12:00:00.000Z')))).toBe('2024-02-29');
    expect(dayText(dayOf(at('1969-12-31T23:59:59.999Z')))).toBe('1969-12-31');
    expect(dayText(0)).toBe('1970-01-01');
  });
});

describe('a range of days', () => {
  const from = at('2026-01-15');
  const to = at('2026-02-14');

  it('is the last 30 days up to today, unless somebody says more', () => {
    expect(texts({})).toEqual(['2026-01-31', '2026-03-01']);
    expect(texts({ to })).toEqual(['2026-01-16', '2026-02-14']);
    expect(texts({ from })).toEqual(['2026-01-15', '2026-03-01']);
    expect(texts({ from, to })).toEqual(['2026-01-15', '2026-02-14']);
  });

  it('has both of its ends, and each day between them once', () => {
    expect(daysOf(dayRange({ from: to, to }, NOW)).map(dayText)).toEqual(['2026-02-14']);
    const days = daysOf(dayRange({}, NOW));
    expect(days).toHaveLength(30);
    expect(days.map((day, index) => day - index)).toEqual(days.map(() => days[0]));
    expect([days[0], days[29]].map((day) => dayText(day ?? 0))).toEqual(['2026-01-31', '2026-03-01']);
  });

  it('may be as long as a leap year', () => {
    const year = dayRange({ from: at('2024-01-01'), to: at('2024-12-31') }, NOW);
    expect(daysOf(year)).toHaveLength(366);
  });

  it.each<[string, { from?: Date; to?: Date }, string]>([
    ['a day longer', { from: at('2024-01-01'), to: at('2025-01-01') }, 'range-length'],
    ['more than 366 days back from today', { from: at('2025-02-27') }, 'range-length'],
    ['backwards', { from: to, to: from }, 'range-order'],
    ['from tomorrow on', { from: at('2026-03-02') }, 'range-order'],
  ])('is refused: %s', (_what, asked, error) => {
    const refused = () => dayRange(asked, NOW);
    expect(refused).toThrow(Refusal);
    try {
      refused();
    } catch (refusal) {
      const { violations } = (refusal as Refusal).details;
      expect(violations).toMatchObject([{ in: 'query', pointer: '#/from', error }]);
    }
  });
});
