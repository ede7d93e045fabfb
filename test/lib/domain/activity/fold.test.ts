import { describe, expect, it } from '@jest/globals';
import { NO_TOTALS, type Totals } from '#lib/domain/activity/counts.ts';
import type { Facts } from '#lib/domain/activity/facts.ts';
import { fold, type Stored, united } from '#lib/domain/activity/fold.ts';
import { joined, NO_SPAN, type Span, spanAfter, at } from '#lib/domain/activity/spans.ts';
import { isNewer, stampOf } from '#lib/domain/activity/stamp.ts';
import { minus, momentsOf, plus, totalsOf } from '#lib/domain/activity/totals.ts';
import { fc } from '#test/support/fast-check.ts';
import { atHour } from './samples.ts';

const anOrderFact = (overrides: object = {}): Facts => ({
  kind: 'order',
  status: 'done',
  counts: 'visit',
  startAt: atHour(10),
  endAt: atHour(11),
  services: [{ serviceId: null, specialistIds: [], status: 'done', startAt: atHour(10) }],
  hasLeft: false,
  ...overrides,
});
const aPaymentFact = (overrides: object = {}): Facts => ({
  ...{ kind: 'payment', status: 'succeeded', counts: 'paid', startAt: atHour(9), orderId: null },
  ...{ minor: 100, amount: null, currency: 'PLN', method: 'CASH', providerType: null, hasLeft: false },
  ...overrides,
});

const counts = fc.constantFrom('booked', 'visit', 'cancelled', 'no');
const hour = fc.integer({ min: 0, max: 6 }).map(atHour);
const facts = fc.oneof(
  fc.record({ counts, startAt: hour }).map(anOrderFact),
  fc
    .record({
      counts: fc.constantFrom('paid', 'refunded', 'no'),
      minor: fc.integer({ min: 0, max: 10 ** 9 }),
      currency: fc.constantFrom('PLN', 'DKK', 'USD'),
    })
    .map(aPaymentFact),
);
const sum = (all: readonly Facts[]): Totals => all.map(totalsOf).reduce(plus, NO_TOTALS);

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
});

describe('totals', () => {
  it('are the same, in whatever order they are added', () => {
    fc.assert(
      fc.property(fc.array(facts), fc.array(facts), (some, others) => {
        expect(plus(sum(some), sum(others))).toEqual(sum([...others, ...some].reverse()));
      }),
    );
  });

  it('without some of them are those of the others', () => {
    fc.assert(
      fc.property(fc.array(facts), fc.array(facts), (some, others) => {
        expect(minus(sum([...some, ...others]), sum(some))).toEqual(sum(others));
      }),
    );
  });

  it('have spend by currency, in the order of the codes', () => {
    const paid = (currency: string, minor: number) => aPaymentFact({ currency, minor });
    expect(sum([paid('USD', 5), paid('DKK', 7), paid('USD', 1)]).spend).toEqual([
      { currency: 'DKK', paid: 7, refunded: 0, payments: 1 },
      { currency: 'USD', paid: 6, refunded: 0, payments: 2 },
    ]);
    expect(sum([paid('USD', 0)]).spend).toEqual([{ currency: 'USD', paid: 0, refunded: 0, payments: 1 }]);
  });
});

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

  it('is of orders that are booked or done, and of visits that are done', () => {
    const start = atHour(10);
    expect(momentsOf(anOrderFact())).toEqual({ order: start, visit: start });
    expect(momentsOf(anOrderFact({ counts: 'booked' }))).toEqual({ order: start, visit: null });
    for (const none of [anOrderFact({ counts: 'cancelled' }), aPaymentFact(), null])
      expect(momentsOf(none)).toEqual({ order: null, visit: null });
  });
});

const stored = (customerId: string, overrides: Partial<Stored> = {}): Stored => ({
  ...{ customerId, attendeeIds: [customerId], stamp: '1', facts: anOrderFact() },
  ...overrides,
});

describe('a newer state of a source', () => {
  it('adds who is new, changes who stays, and lets go who is named no longer', () => {
    const [stays, goes] = [stored('stays'), stored('goes')];
    const booked = anOrderFact({ counts: 'booked' });
    const folded = fold([stays, goes], {
      stamp: '2',
      named: [
        { customerId: 'stays', attendeeIds: ['another'], facts: booked },
        { customerId: 'comes', attendeeIds: ['comes'], facts: booked },
      ],
    });
    expect(folded).toEqual([
      {
        before: stays,
        after: { customerId: 'stays', attendeeIds: ['stays', 'another'], stamp: '2', facts: booked },
      },
      {
        before: null,
        after: { customerId: 'comes', attendeeIds: ['comes'], stamp: '2', facts: booked },
      },
      {
        before: goes,
        after: {
          ...goes,
          stamp: '2',
          facts: anOrderFact({ counts: 'no', endAt: null, services: [], hasLeft: true }),
        },
      },
    ]);
    expect(
      fold(
        folded.slice(2).map(({ after }) => after),
        { stamp: '3', named: [] },
      ),
    ).toEqual([]);
  });

  it('keeps no amount of who was the payer', () => {
    const [left] = fold([stored('one', { facts: aPaymentFact() })], { stamp: '2', named: [] });
    expect(left?.after.facts).toMatchObject({ counts: 'no', minor: null, currency: null, hasLeft: true });
  });
});

describe('two parts of one source that become one', () => {
  it('count as the one that has not left, with the ids of both', () => {
    const left = stored('one', { stamp: '2', facts: anOrderFact({ counts: 'no', hasLeft: true }) });
    const both = { attendeeIds: ['one', 'other'], facts: { counts: 'visit', hasLeft: false } };
    expect(united(left, stored('other'))).toMatchObject(both);
    expect(united(stored('one'), { ...left, customerId: 'other', attendeeIds: ['other'] })).toMatchObject(
      both,
    );
  });

  it('count as the newer one, and as one order when they are of the same state', () => {
    const cancelled = anOrderFact({ counts: 'cancelled' });
    const newer = stored('other', { stamp: '2', facts: cancelled });
    expect(united(stored('one'), newer).facts.counts).toBe('cancelled');
    expect(united(newer, stored('one')).facts.counts).toBe('cancelled');
    expect(united({ ...newer, stamp: '1' }, stored('one')).facts.counts).toBe('visit');
    const paid = stored('one', { facts: aPaymentFact() });
    expect(united(paid, stored('other', { facts: aPaymentFact({ minor: 7 }) })).facts).toEqual(paid.facts);
  });
});
