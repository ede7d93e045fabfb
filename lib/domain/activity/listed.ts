import type { Totals } from './counts.ts';
import type { OrderFacts, PaymentFacts } from './facts.ts';

/** What the orders and payments of a customer amount to, and when the first and the last of its orders and visits begin. */
export type ActivitySummary = Totals &
  Readonly<{
    firstOrderAt: Date | null;
    lastOrderAt: Date | null;
    firstVisitAt: Date | null;
    lastVisitAt: Date | null;
  }>;

/** An order of a customer in a list. */
export type ListedOrder = Omit<OrderFacts, 'kind' | 'hasLeft'> &
  Readonly<{
    /** Its place among those that start at the same time. */
    id: string;
    orderId: string;
    /** When the order's service stored this state. */
    updatedAt: Date;
  }>;

/** A payment of a customer in a list. One that was not paid starts when it was stored. */
export type ListedPayment = Omit<PaymentFacts, 'kind' | 'hasLeft'> &
  Readonly<{
    /** Its place among those of the same time. */
    id: string;
    paymentId: string;
  }>;
