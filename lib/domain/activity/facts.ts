import type { OrderCounts, PaymentCounts } from './counts.ts';

/** One line of an order in which a customer takes part. */
export type ServiceFacts = Readonly<{
  serviceId: string | null;
  specialistIds: readonly string[];
  status: string;
  startAt: Date | null;
}>;

/** What is kept of an order for one of its customers. */
export type OrderFacts = Readonly<{
  kind: 'order';
  status: string;
  counts: OrderCounts;
  /** When the part that counts begins and ends. */
  startAt: Date;
  endAt: Date | null;
  services: readonly ServiceFacts[];
  /** The order names the customer no longer. */
  hasLeft: boolean;
}>;

/** What is kept of a payment for its payer. */
export type PaymentFacts = Readonly<{
  kind: 'payment';
  status: string;
  counts: PaymentCounts;
  /** When was paid. */
  startAt: Date;
  orderId: string | null;
  /** In the minor unit of the currency; null without one. */
  minor: number | null;
  /** As it came, for a payment without a currency; null for one with a currency. */
  amount: number | null;
  currency: string | null;
  method: string | null;
  providerType: string | null;
  /** The payment names the payer no longer. */
  hasLeft: boolean;
}>;

/** What is kept of an order or a payment for one customer: ids, times, states and amounts. */
export type Facts = OrderFacts | PaymentFacts;

/** The same when the newer state names the customer no longer: it counts nothing. */
export const afterLeaving = (facts: Facts): Facts =>
  facts.kind === 'order'
    ? { ...facts, counts: 'no', services: [], endAt: null, hasLeft: true }
    : { ...facts, counts: 'no', minor: null, amount: null, currency: null, hasLeft: true };
