import type { OrderCounts, PaymentCounts, Totals } from './counts.ts';

/** What the orders and payments of a customer amount to, and when the first and the last of its orders and visits begin. */
export type ActivitySummary = Totals &
  Readonly<{
    firstOrderAt: Date | null;
    lastOrderAt: Date | null;
    firstVisitAt: Date | null;
    lastVisitAt: Date | null;
  }>;

/** An order of a customer in a list. */
export type ListedOrder = Readonly<{
  /** Its place among those that start at the same time. */
  id: string;
  orderId: string;
  status: string;
  counts: OrderCounts;
  startAt: Date;
  endAt: Date | null;
  services: readonly Readonly<{
    serviceId: string | null;
    specialistIds: readonly string[];
    status: string;
    startAt: Date | null;
  }>[];
  /** When the order's service stored this state. */
  updatedAt: Date;
}>;

/** A payment of a customer in a list. */
export type ListedPayment = Readonly<{
  /** Its place among those of the same time. */
  id: string;
  paymentId: string;
  orderId: string | null;
  status: string;
  counts: PaymentCounts;
  /** When it was paid or, if it was not, stored. */
  startAt: Date;
  /** In the minor unit of the currency; null without one. */
  minor: number | null;
  /** As it came, without a currency. */
  amount: number | null;
  currency: string | null;
  method: string | null;
  providerType: string | null;
}>;
