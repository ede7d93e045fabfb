import { type Attendee, withoutFaults } from './attendee.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import type { ActivityKind } from './counts.ts';
import type { Facts } from './facts.ts';
import { type Order, orderFacts, participantsOf } from './order.ts';
import { type Payment, paymentFacts } from './payment.ts';
import { stampOf } from './stamp.ts';

/** One state of an order or a payment, as an event brought it. */
export type SourceState = Readonly<{
  kind: ActivityKind;
  sourceId: string;
  stamp: string;
  /** Whom it names: each id once. */
  people: readonly Attendee[];
  /** What is kept of it for a customer whom these of its people are. */
  factsOf: (people: readonly Attendee[]) => Facts;
}>;

type Event = Readonly<{ id: string; time: Date }>;

/** What an event says of an order. */
export const stateOfOrder = (order: Order, event: Event, settings: BusinessSettings): SourceState => {
  const participants = participantsOf(order).map(({ attendee, lines }) => ({
    attendee: withoutFaults(attendee, settings),
    lines,
  }));
  return {
    kind: 'order',
    sourceId: order.id,
    stamp: stampOf(event),
    people: participants.map(({ attendee }) => attendee),
    factsOf: (people) => {
      const theirs = participants.filter(({ attendee }) => people.includes(attendee));
      const lines = order.lines.filter((line) => theirs.some((one) => one.lines.includes(line)));
      return orderFacts(order, lines, event.time);
    },
  };
};

/** What an event says of a payment. */
export const stateOfPayment = (payment: Payment, event: Event, settings: BusinessSettings): SourceState => ({
  kind: 'payment',
  sourceId: payment.id,
  stamp: stampOf(event),
  people: payment.payer === null ? [] : [withoutFaults(payment.payer, settings)],
  factsOf: () => paymentFacts(payment, event.time),
});
