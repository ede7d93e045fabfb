import type { Attendee } from '#lib/domain/activity/attendee.ts';
import type { Facts } from '#lib/domain/activity/facts.ts';
import type { Order, OrderLine } from '#lib/domain/activity/order.ts';
import type { Payment } from '#lib/domain/activity/payment.ts';

/** A moment of a day in June 2026. */
export const atHour = (hour: number): Date => new Date(Date.UTC(2026, 5, 1, hour));

export const anAttendee = (overrides: Partial<Attendee> = {}): Attendee => ({
  id: 'a'.repeat(24),
  customerType: 'regular',
  firstName: 'Anna',
  lastName: 'Canary',
  email: 'anna@example.com',
  phone: '+48123456789',
  ...overrides,
});

export const aLine = (overrides: Partial<OrderLine> = {}): OrderLine => ({
  status: 'accepted',
  state: 'active',
  serviceId: 'b'.repeat(24),
  start: atHour(10),
  end: atHour(11),
  specialistIds: ['c'.repeat(24)],
  attendees: [anAttendee()],
  ...overrides,
});

export const anOrder = (overrides: Partial<Order> = {}): Order => ({
  id: 'd'.repeat(24),
  status: 'confirmed',
  state: 'active',
  createdAt: atHour(8),
  lines: [aLine()],
  ...overrides,
});

export const aPayment = (overrides: Partial<Payment> = {}): Payment => ({
  id: 'e'.repeat(24),
  status: 'succeeded',
  state: 'active',
  orderId: 'd'.repeat(24),
  payer: anAttendee(),
  amount: 120.5,
  currency: 'PLN',
  method: 'CASH',
  providerType: 'onSite',
  paymentDate: null,
  ...overrides,
});

/** What is kept of an order for a customer. */
export const anOrderFact = (overrides: object = {}): Facts => ({
  kind: 'order',
  status: 'done',
  counts: 'visit',
  startAt: atHour(10),
  endAt: atHour(11),
  services: [{ serviceId: null, specialistIds: [], status: 'done', startAt: atHour(10) }],
  hasLeft: false,
  ...overrides,
});

/** The same of a payment. */
export const aPaymentFact = (overrides: object = {}): Facts => ({
  ...{ kind: 'payment', status: 'succeeded', counts: 'paid', startAt: atHour(9), orderId: null },
  ...{ minor: 100, amount: null, currency: 'PLN', method: 'CASH', providerType: null, hasLeft: false },
  ...overrides,
});
