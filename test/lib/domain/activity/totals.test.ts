import { describe, expect, it } from '@jest/globals';
import { NO_TOTALS, type Totals } from '#lib/domain/activity/counts.ts';
import type { Facts } from '#lib/domain/activity/facts.ts';
import { at, NO_SPAN } from '#lib/domain/activity/spans.ts';
import { minus, momentsOf, plus, spansWith, totalsOf } from '#lib/domain/activity/totals.ts';
import { fc } from '#test/support/fast-check.ts';
import { anOrderFact, aPaymentFact, atHour } from './samples.ts';

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

describe('what one order or payment amounts to', () => {
  const ORDER = { ...NO_TOTALS, spend: [] };

  it.each([
    ['booked', { orderCount: 1 }],
    ['visit', { orderCount: 1, visitCount: 1 }],
    ['cancelled', { cancelledCount: 1 }],
    ['no', {}],
  ])('of an order that counts as %s', (as, expected) => {
    expect(totalsOf(anOrderFact({ counts: as }))).toEqual({ ...ORDER, ...expected });
  });

  it.each([
    ['paid', { paid: 100, refunded: 0 }],
    ['refunded', { paid: 100, refunded: 100 }],
  ])('of a payment that counts as %s', (as, expected) => {
    expect(totalsOf(aPaymentFact({ counts: as }))).toEqual({
      ...NO_TOTALS,
      spend: [{ currency: 'PLN', payments: 1, ...expected }],
    });
  });

  it('is nothing of nothing, and of a payment that does not count or whose money is not known', () => {
    const none = [{ counts: 'no' }, { currency: null }, { minor: null }].map(aPaymentFact);
    for (const facts of [null, ...none]) expect(totalsOf(facts)).toEqual(NO_TOTALS);
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

  it('keep a currency as long as anything is left of it', () => {
    const one = (overrides: object) => ({
      ...NO_TOTALS,
      spend: [{ currency: 'PLN', paid: 5, refunded: 5, payments: 1, ...overrides }],
    });
    const left = (overrides: object) => minus(one({}), one(overrides)).spend;
    expect(left({})).toEqual([]);
    expect(left({ paid: 4 })).toEqual([{ currency: 'PLN', paid: 1, refunded: 0, payments: 0 }]);
    expect(left({ refunded: 4 })).toEqual([{ currency: 'PLN', paid: 0, refunded: 1, payments: 0 }]);
    expect(left({ payments: 0 })).toEqual([{ currency: 'PLN', paid: 0, refunded: 0, payments: 1 }]);
  });
});

describe('the moments of an order', () => {
  it('are its start where it is booked or done, and where it is a visit', () => {
    const start = atHour(10);
    expect(momentsOf(anOrderFact())).toEqual({ order: start, visit: start });
    expect(momentsOf(anOrderFact({ counts: 'booked' }))).toEqual({ order: start, visit: null });
    for (const none of [anOrderFact({ counts: 'cancelled' }), aPaymentFact(), null])
      expect(momentsOf(none)).toEqual({ order: null, visit: null });
  });

  it('widen the spans of orders and of visits', () => {
    const spans = { orders: at(atHour(5)), visits: NO_SPAN };
    const booked = anOrderFact({ counts: 'booked', startAt: atHour(3) });
    const visit = anOrderFact({ startAt: atHour(8) });
    expect(spansWith(spans, [booked, null, visit, aPaymentFact()])).toEqual({
      orders: { first: atHour(3), last: atHour(8) },
      visits: at(atHour(8)),
    });
    expect(spansWith(spans, [])).toEqual(spans);
  });
});
