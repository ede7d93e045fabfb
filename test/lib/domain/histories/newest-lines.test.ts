import { describe, expect, it } from '@jest/globals';
import { type FoundHistory, type HistoryLine, NewestLines } from '#lib/domain/histories/newest-lines.ts';

const ONE = { businessId: 'b1', customerId: 'c1' };
const line = (number: number, more: Partial<HistoryLine> = {}): HistoryLine => ({
  ...ONE,
  number,
  head: `head-${String(number)}`,
  keyIds: ['k1'],
  ...more,
});
const found = (number: number, more: Partial<FoundHistory> = {}): FoundHistory => ({
  ...line(number),
  ...more,
});
const linesOf = (...lines: HistoryLine[]): NewestLines => {
  const newest = new NewestLines();
  for (const one of lines) newest.add(one);
  return newest;
};

describe('the newest line of a customer', () => {
  it('agrees with the same head', () => {
    expect(linesOf(line(2)).compare(found(2))).toBeNull();
  });

  it('says nothing of a history that has grown since: a line may be missing', () => {
    expect(linesOf(line(2)).compare(found(3, { head: 'another' }))).toBeNull();
  });

  it('is the one with the highest number, in whatever order lines come', () => {
    for (const lines of [
      [line(1), line(3)],
      [line(3), line(1)],
      [line(3), line(3), line(1)],
    ]) {
      expect(linesOf(...lines).compare(found(2))).toBe('older-than-line');
      expect(linesOf(...lines).compare(found(3))).toBeNull();
    }
  });

  it('shows another head at the same number, also beside a line that agrees', () => {
    expect(linesOf(line(2)).compare(found(2, { head: 'another' }))).toBe('differs-from-line');
    const both = linesOf(line(2, { head: 'another' }), line(2));
    expect(both.compare(found(2))).toBe('differs-from-line');
    const reversed = linesOf(line(2), line(2, { head: 'another' }));
    expect(reversed.compare(found(2))).toBe('differs-from-line');
    const later = linesOf(line(1, { head: 'another' }), line(2));
    expect(later.compare(found(2))).toBeNull();
  });

  it('compares no heads of other keys', () => {
    for (const keyIds of [['k2'], ['k1', 'k2'], ['k2', 'k1'], ['k', '1']])
      expect(linesOf(line(2)).compare(found(2, { head: 'another', keyIds }))).toBeNull();
    expect(
      linesOf(line(2, { keyIds: ['k1', 'k2'] })).compare(found(2, { keyIds: ['k1', 'k2'], head: 'x' })),
    ).toBe('differs-from-line');
  });

  it('shows that the head of an earlier version was put in the place of a sealed one', () => {
    expect(linesOf(line(2)).compare(found(2, { head: null, keyIds: [] }))).toBe('differs-from-line');
    expect(linesOf(line(2)).compare(found(3, { head: null, keyIds: [] }))).toBeNull();
  });

  it('shows a number that is none', () => {
    expect(linesOf(line(2)).compare(found(Number.NaN))).toBe('older-than-line');
  });

  it('is only its own', () => {
    const newest = linesOf(line(2));
    expect(newest.compare(found(1, { customerId: 'c2' }))).toBe('no-line');
    expect(newest.compare(found(1, { businessId: 'b2' }))).toBe('no-line');
  });
});

describe('customers that only a line knows', () => {
  it('are missing, in order, unless they were compared or met', () => {
    const newest = linesOf(
      line(1, { customerId: 'c3' }),
      line(1),
      line(1, { businessId: 'b2' }),
      line(1, { customerId: 'c2' }),
    );
    newest.compare(found(1, { customerId: 'c2' }));
    newest.meet({ businessId: 'b2', customerId: 'c1' });
    newest.meet({ businessId: 'b9', customerId: 'c9' });
    expect(newest.missing(() => true)).toEqual([ONE, { ...ONE, customerId: 'c3' }]);
    expect(newest.missing(({ customerId }) => customerId !== 'c1')).toEqual([{ ...ONE, customerId: 'c3' }]);
  });
});
