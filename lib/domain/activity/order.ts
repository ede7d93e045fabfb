import type { Attendee } from './attendee.ts';
import type { OrderCounts } from './counts.ts';
import type { OrderFacts, ServiceFacts } from './facts.ts';

/** A line of an order, as far as it is read. */
export type OrderLine = Readonly<{
  /** Null where the sender gives a line none: the order's own status then decides. */
  status: string | null;
  state: string | null;
  serviceId: string | null;
  start: Date | null;
  end: Date | null;
  specialistIds: readonly string[];
  attendees: readonly Attendee[];
}>;

/** An order of another service, as far as it is read. */
export type Order = Readonly<{
  id: string;
  status: string;
  state: string | null;
  createdAt: Date | null;
  lines: readonly OrderLine[];
}>;

const DELETED = 'deleted';

const OF_ORDER: Readonly<Record<string, OrderCounts>> = {
  requested: 'booked',
  confirmed: 'booked',
  waitingForPayment: 'booked',
  inProgress: 'booked',
  done: 'visit',
  cancelled: 'cancelled',
  rejected: 'cancelled',
};

const OF_LINE: Readonly<Record<string, OrderCounts>> = {
  requested: 'booked',
  accepted: 'booked',
  ready: 'booked',
  inProgress: 'booked',
  done: 'visit',
  rejected: 'cancelled',
  cancelled: 'cancelled',
};

const meaningIn = (
  table: Readonly<Record<string, OrderCounts>>,
  { status, state }: Readonly<{ status: string; state: string | null }>,
): OrderCounts => (state === DELETED || !Object.hasOwn(table, status) ? 'no' : (table[status] ?? 'no'));

/**
 * As what an order counts for those who take part in one of its lines. The order's own status decides where it is cancelled or counts
 * nothing, the line's in all other cases.
 */
const countsOf = (order: Order, { status, state }: OrderLine): OrderCounts => {
  const whole = meaningIn(OF_ORDER, order);
  if (whole === 'cancelled' || whole === 'no') return whole;
  return status === null ? (state === DELETED ? 'no' : whole) : meaningIn(OF_LINE, { status, state });
};

/** An order counts once for a customer, as the best of what its lines count. */
const BEST_FIRST = ['visit', 'booked', 'cancelled', 'no'] as const;

/** A person of an order, and the lines in which it takes part. */
export type Participant = Readonly<{ attendee: Attendee; lines: readonly OrderLine[] }>;

/** Everybody who takes part in an order: once for each id. Somebody without an id is listed with each line. */
export const participantsOf = ({ lines }: Order): readonly Participant[] => {
  const byId = new Map<string, Participant>();
  const unnamed: Participant[] = [];
  for (const line of lines)
    for (const attendee of line.attendees) {
      if (attendee.id === null) unnamed.push({ attendee, lines: [line] });
      else {
        const known = byId.get(attendee.id);
        if (known?.lines.includes(line) !== true)
          byId.set(attendee.id, {
            attendee: known?.attendee ?? attendee,
            lines: [...(known?.lines ?? []), line],
          });
      }
    }
  return [...byId.values(), ...unnamed];
};

/** What is kept of an order for a person that it had as two customers. */
export const bothParts = (one: OrderFacts, other: OrderFacts): OrderFacts => {
  const parts = [one, other];
  const counts = BEST_FIRST.find((best) => parts.some((part) => part.counts === best)) ?? 'no';
  const counted = parts.filter((part) => part.counts === counts);
  return {
    ...one,
    counts,
    startAt: earliest(counted.map(({ startAt }) => startAt)) ?? one.startAt,
    endAt: latest(counted.map(({ endAt }) => endAt)),
    services: parts.flatMap(({ services }) => services),
  };
};

const factsOfLine = ({ serviceId, specialistIds, status, start }: OrderLine): ServiceFacts => ({
  serviceId,
  specialistIds,
  status: status ?? '',
  startAt: start,
});

const earliest = (times: readonly (Date | null)[]): Date | null =>
  times.reduce((found, time) => (found === null || (time !== null && time < found) ? time : found), null);

const latest = (times: readonly (Date | null)[]): Date | null =>
  times.reduce((found, time) => (found === null || (time !== null && time > found) ? time : found), null);

/**
 * What is kept of an order for a customer who takes part in some of its lines.
 * @param at when the state was stored: an order without any other time begins then
 */
export const orderFacts = (order: Order, lines: readonly OrderLine[], at: Date): OrderFacts => {
  const counts = BEST_FIRST.find((one) => lines.some((line) => countsOf(order, line) === one)) ?? 'no';
  const counted = lines.filter((line) => countsOf(order, line) === counts);
  return {
    kind: 'order',
    status: order.status,
    counts,
    startAt: earliest(counted.map(({ start }) => start)) ?? order.createdAt ?? at,
    endAt: latest(counted.map(({ end }) => end)),
    services: lines.map(factsOfLine),
    hasLeft: false,
  };
};
