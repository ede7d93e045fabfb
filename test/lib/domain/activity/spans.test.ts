import { describe, expect, it } from '@jest/globals';
import { at, joined, NO_SPAN, type Span, spanAfter } from '#lib/domain/activity/spans.ts';
import { fc } from '#test/support/fast-check.ts';
import { atHour } from './samples.ts';

const hour = fc.integer({ min: 0, max: 6 }).map(atHour);
const spanOf = (moments: readonly Date[]): Span => moments.map(at).reduce(joined, NO_SPAN);

describe('a span', () => {
  it('after a change is that of the moments that are there now, or must be read', () => {
    const others = fc.array(hour, { maxLength: 4 });
    const maybe = fc.option(hour);
    let read = 0;
    fc.assert(
      fc.property(others, maybe, maybe, (rest, before, after) => {
        const withIt = (one: Date | null) => spanOf(one === null ? rest : [...rest, one]);
        const found = spanAfter(withIt(before), { before, after });
        if (found === null) read += 1;
        else expect(found).toEqual(withIt(after));
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(0);
  });

  it('need not be read when a moment is added, stays, or lies between the ends', () => {
    const span = spanOf([atHour(1), atHour(9)]);
    expect(spanAfter(span, { before: null, after: atHour(3) })).toEqual(span);
    expect(spanAfter(span, { before: atHour(9), after: atHour(9) })).toEqual(span);
    expect(spanAfter(span, { before: atHour(5), after: null })).toEqual(span);
    expect(spanAfter(span, { before: atHour(9), after: atHour(12) })).toEqual(
      spanOf([atHour(1), atHour(12)]),
    );
    expect(spanAfter(span, { before: atHour(9), after: null })).toBeNull();
  });

  it('of nothing has no ends, and one that joins nothing keeps its own', () => {
    const span = spanOf([atHour(1), atHour(9)]);
    expect([joined(span, NO_SPAN), joined(NO_SPAN, span)]).toEqual([span, span]);
    expect([joined(NO_SPAN, NO_SPAN), at(null)]).toEqual([NO_SPAN, NO_SPAN]);
    expect(spanAfter(NO_SPAN, { before: null, after: null })).toEqual(NO_SPAN);
  });

  it('has the first and the last of what it joins, in either order', () => {
    const [one, other] = [spanOf([atHour(2), atHour(5)]), spanOf([atHour(1), atHour(9)])];
    const both = { first: atHour(1), last: atHour(9) };
    expect([joined(one, other), joined(other, one)]).toEqual([both, both]);
    const next = spanOf([atHour(6), atHour(7)]);
    const all = { first: atHour(2), last: atHour(7) };
    expect([joined(one, next), joined(next, one)]).toEqual([all, all]);
  });

  it('must be read when its first moment becomes a later one, or its last an earlier one', () => {
    const span = spanOf([atHour(3), atHour(9)]);
    const moved = (before: number, after: number) =>
      spanAfter(span, { before: atHour(before), after: atHour(after) });
    expect([moved(3, 4), moved(3, 10), moved(9, 8), moved(9, 1)]).toEqual([null, null, null, null]);
    expect(moved(3, 2)).toEqual(spanOf([atHour(2), atHour(9)]));
    expect(moved(5, 1)).toEqual(spanOf([atHour(1), atHour(9)]));
    expect(moved(5, 10)).toEqual(spanOf([atHour(3), atHour(10)]));
    expect(spanAfter(span, { before: atHour(3), after: null })).toBeNull();
  });

  it('of one moment must be read when the moment goes, wherever it goes', () => {
    const span = at(atHour(5));
    for (const after of [null, atHour(4), atHour(6)])
      expect(spanAfter(span, { before: atHour(5), after })).toBeNull();
    expect(spanAfter(span, { before: atHour(5), after: atHour(5) })).toEqual(span);
  });
});
