import { at, joined, type Span } from './spans.ts';
import { NO_TOTALS, type Spend, type Totals } from './counts.ts';
import type { Facts } from './facts.ts';

/** What one order or payment amounts to; nothing without one. */
export const totalsOf = (facts: Facts | null): Totals => {
  if (facts === null) return NO_TOTALS;
  const { counts } = facts;
  if (facts.kind === 'order')
    return {
      ...NO_TOTALS,
      orderCount: counts === 'booked' || counts === 'visit' ? 1 : 0,
      visitCount: counts === 'visit' ? 1 : 0,
      cancelledCount: counts === 'cancelled' ? 1 : 0,
    };
  const { currency, minor } = facts;
  if (counts === 'no' || currency === null || minor === null) return NO_TOTALS;
  const refunded = counts === 'refunded' ? minor : 0;
  return { ...NO_TOTALS, spend: [{ currency, paid: minor, refunded, payments: 1 }] };
};

const isNone = ({ paid, refunded, payments }: Spend): boolean =>
  paid === 0 && refunded === 0 && payments === 0;

const byCode = ({ currency: one }: Spend, { currency: other }: Spend): number =>
  one < other ? -1 : Number(one > other);

const addSpend = (one: readonly Spend[], other: readonly Spend[], sign: 1 | -1): readonly Spend[] => {
  const sums = new Map(one.map((spend) => [spend.currency, spend]));
  for (const { currency, paid, refunded, payments } of other) {
    const sum = sums.get(currency);
    sums.set(currency, {
      currency,
      paid: (sum?.paid ?? 0) + sign * paid,
      refunded: (sum?.refunded ?? 0) + sign * refunded,
      payments: (sum?.payments ?? 0) + sign * payments,
    });
  }
  return [...sums.values()].filter((spend) => !isNone(spend)).sort(byCode);
};

const combined = (one: Totals, other: Totals, sign: 1 | -1): Totals => ({
  orderCount: one.orderCount + sign * other.orderCount,
  visitCount: one.visitCount + sign * other.visitCount,
  cancelledCount: one.cancelledCount + sign * other.cancelledCount,
  spend: addSpend(one.spend, other.spend, sign),
});

/** The sum of two totals. */
export const plus = (one: Totals, other: Totals): Totals => combined(one, other, 1);

/** The first totals without the second. */
export const minus = (one: Totals, other: Totals): Totals => combined(one, other, -1);

/** When an order begins that counts as one, and as a visit; null if it does not. */
export const momentsOf = (facts: Facts | null): Readonly<{ order: Date | null; visit: Date | null }> => {
  if (facts?.kind !== 'order') return { order: null, visit: null };
  const { counts, startAt } = facts;
  return {
    order: counts === 'booked' || counts === 'visit' ? startAt : null,
    visit: counts === 'visit' ? startAt : null,
  };
};

/** Spans of orders and of visits, after these orders and payments came to them. */
export const spansWith = (
  spans: Readonly<{ orders: Span; visits: Span }>,
  all: readonly (Facts | null)[],
): Readonly<{ orders: Span; visits: Span }> => {
  const moments = all.map(momentsOf);
  return {
    orders: moments.map(({ order }) => at(order)).reduce(joined, spans.orders),
    visits: moments.map(({ visit }) => at(visit)).reduce(joined, spans.visits),
  };
};
