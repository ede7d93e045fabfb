import type { Attendee } from './attendee.ts';
import type { PaymentCounts } from './counts.ts';
import { toMinor } from './currencies.ts';
import type { PaymentFacts } from './facts.ts';

/** A payment of another service, as far as it is read. */
export type Payment = Readonly<{
  id: string;
  status: string;
  state: string | null;
  orderId: string | null;
  payer: Attendee | null;
  /** In the major unit. */
  amount: number;
  /** A code of ISO 4217. */
  currency: string | null;
  method: string | null;
  providerType: string | null;
  paymentDate: Date | null;
}>;

const OF_PAYMENT: Readonly<Record<string, PaymentCounts>> = { succeeded: 'paid', refunded: 'refunded' };

/**
 * What is kept of a payment for its payer.
 * @param at when the state was stored: a payment without a date was paid then
 */
export const paymentFacts = (payment: Payment, at: Date): PaymentFacts => {
  const { status, state, orderId, amount, currency, method, providerType, paymentDate } = payment;
  // Who reads a payment sees its status alone, so that one must say that it is in no total.
  const shown = state === 'deleted' ? 'deleted' : status;
  const counts = Object.hasOwn(OF_PAYMENT, shown) ? OF_PAYMENT[shown] : undefined;
  return {
    kind: 'payment',
    status: shown,
    counts: counts ?? 'no',
    startAt: paymentDate ?? at,
    orderId,
    minor: currency === null ? null : toMinor(amount, currency),
    amount: currency === null ? amount : null,
    currency,
    method,
    providerType,
    hasLeft: false,
  };
};
