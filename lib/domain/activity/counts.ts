/** What a message of another service is about. */
export const ACTIVITY_KINDS = ['order', 'payment'] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** As what an order counts for one of its customers. */
export const ORDER_COUNTS = ['booked', 'visit', 'cancelled', 'no'] as const;
export type OrderCounts = (typeof ORDER_COUNTS)[number];

/** As what a payment counts for its payer. */
export const PAYMENT_COUNTS = ['paid', 'refunded', 'no'] as const;
export type PaymentCounts = (typeof PAYMENT_COUNTS)[number];

/** What was paid in one currency, in its minor unit. */
export type Spend = Readonly<{
  currency: string;
  /** Everything that was paid, also what went back later. */
  paid: number;
  /** What went back. */
  refunded: number;
  /** How many payments that is. */
  payments: number;
}>;

/** What the orders and payments of a customer amount to. */
export type Totals = Readonly<{
  /** Orders that are booked or done. */
  orderCount: number;
  /** Orders that are done. */
  visitCount: number;
  cancelledCount: number;
  /** By currency, in the order of their codes. */
  spend: readonly Spend[];
}>;

/** The totals of a customer without orders and payments. */
export const NO_TOTALS: Totals = { orderCount: 0, visitCount: 0, cancelledCount: 0, spend: [] };
