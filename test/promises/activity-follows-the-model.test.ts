import { describe, expect, it } from '@jest/globals';
import { handler as recordOrder } from '#functions/activity/record-order/handler.ts';
import { handler as recordPayment } from '#functions/activity/record-payment/handler.ts';
import { handler as recountActivity } from '#functions/activity/recount-activity/handler.ts';
import { newId } from '#lib/store/customers/add-customer.ts';
import {
  anOrderDto,
  anOrderLine,
  aPaymentDto,
  atMinute,
  orderMessage,
  paymentMessage,
} from '#test/support/activity.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { fc } from '#test/support/fast-check.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { deliver } from '#test/support/queue-messages.ts';
import { SEED } from '#test/support/seed.ts';
import { run, useService } from '#test/support/service.ts';
import { documentsIn } from '#test/support/stored.ts';

const service = useService('activity-model');
const HISTORIES = sized({ short: 2, full: 2_000 });
const SHUFFLES = 5;
/** Three customers that may be merged, one that a second id names too, and one whom only orders know. */
const [MERGED, PEOPLE] = [3, 6];
const [KNOWN, ALIAS, NEW] = [3, 4, 5];
const [ORDERS, PAYMENTS] = [4, 2];
const CURRENCIES = { PLN: 100, JPY: 1, KWD: 1_000 } as const;

const BOOKED = ['requested', 'confirmed', 'waitingForPayment', 'inProgress'];
const STATUSES = [...BOOKED, 'done', 'cancelled', 'rejected', 'draft', 'deleted', 'unheard-of'];
const LINES = ['accepted', 'ready', 'done', 'cancelled', 'deleted', 'odd'];

type Line = Readonly<{ people: readonly number[]; status: string; hour: number }>;
type OrderState = Readonly<{
  of: 'order';
  source: number;
  minute: number;
  status: string;
  isDeleted: boolean;
  lines: readonly Line[];
}>;
type PaymentState = Readonly<{
  of: 'payment';
  source: number;
  minute: number;
  status: string;
  payer: number | null;
  units: number;
  currency: keyof typeof CURRENCIES | null;
}>;
type State = OrderState | PaymentState;
type Move = Readonly<{ do: 'merge' | 'unmerge'; a: number; b: number }>;

const minute = fc.nat(40);
const line: fc.Arbitrary<Line> = fc.record({
  people: fc.subarray(
    Array.from({ length: PEOPLE }, (_, index) => index),
    { maxLength: 3 },
  ),
  status: fc.constantFrom(...LINES),
  hour: fc.nat(60),
});
const orderState: fc.Arbitrary<OrderState> = fc.record({
  of: fc.constant('order' as const),
  source: fc.nat(ORDERS - 1),
  minute,
  status: fc.constantFrom(...STATUSES),
  isDeleted: fc.nat(7).map((one) => one === 0),
  lines: fc.array(line, { minLength: 1, maxLength: 2 }),
});
const paymentState: fc.Arbitrary<PaymentState> = fc.record({
  of: fc.constant('payment' as const),
  source: fc.nat(PAYMENTS - 1),
  minute,
  status: fc.constantFrom('succeeded', 'succeeded', 'refunded', 'pending', 'failed'),
  payer: fc.option(fc.nat(PEOPLE - 1)),
  units: fc.nat(10 ** 6),
  currency: fc.option(fc.constantFrom('PLN' as const, 'JPY' as const, 'KWD' as const), { freq: 6 }),
});
const move: fc.Arbitrary<Move> = fc.record({
  do: fc.constantFrom('merge' as const, 'merge' as const, 'unmerge' as const),
  a: fc.nat(MERGED - 1),
  b: fc.nat(MERGED - 1),
});

/** States of one source with the same time would tell nothing of their order but by their ids, which are random here. */
const distinct = <S extends State>(states: readonly S[]): readonly S[] => [
  ...new Map(states.map((state) => [`${state.of} ${state.source} ${state.minute}`, state])).values(),
];
const history = fc.record({
  states: fc
    .array(fc.oneof({ weight: 5, arbitrary: orderState }, { weight: 2, arbitrary: paymentState }), {
      minLength: 5,
      maxLength: 10,
    })
    .map((states) => distinct<State>(states)),
  moves: fc.array(move, { maxLength: 4 }),
});
type History =
  fc.Arbitrary<{ states: readonly State[]; moves: Move[] }> extends fc.Arbitrary<infer H> ? H : never;

/** The states in another order, some of them twice, with the moves in their own order between them. */
const shuffled = ({ states, moves }: History, random: () => number): readonly (State | Move)[] => {
  const doubled = [...states, ...states.filter(() => random() < 0.3)];
  const steps: (State | Move)[] = doubled
    .map((state) => ({ state, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ state }) => state);
  const places = moves.map(() => Math.floor(random() * (steps.length + 1))).sort((one, other) => one - other);
  moves.forEach((one, index) => steps.splice((places[index] ?? 0) + index, 0, one));
  return steps;
};

// The model: written a second time, by other means than the service.
type Sums = {
  orderCount: number;
  visitCount: number;
  cancelledCount: number;
  spend: { currency: string; paid: number; refunded: number; payments: number }[];
  orders: number[];
  visits: number[];
};

/** The person that a number names: the second id of one is the same customer. */
const personOf = (index: number): number => (index === ALIAS ? KNOWN : index);

const worth = ({ status, isDeleted }: OrderState, lineStatus: string): number => {
  if (isDeleted || ['draft', 'deleted', 'unheard-of'].includes(status)) return 0;
  if (['cancelled', 'rejected'].includes(status)) return 1;
  if (lineStatus === 'done') return 3;
  return ['accepted', 'ready'].includes(lineStatus) ? 2 : Number(lineStatus === 'cancelled');
};

const startOf = (hour: number): number => Date.UTC(2026, 6, 1, hour);

const own = (states: readonly State[], person: number): Sums => {
  const sums: Sums = { orderCount: 0, visitCount: 0, cancelledCount: 0, spend: [], orders: [], visits: [] };
  const newest = new Map<string, State>();
  for (const state of states) {
    const key = `${state.of} ${state.source}`;
    if ((newest.get(key)?.minute ?? -1) < state.minute) newest.set(key, state);
  }
  const spend = new Map<string, Sums['spend'][number]>();
  for (const state of newest.values()) {
    if (state.of === 'payment') {
      const { payer, currency, status, units } = state;
      const counts = status === 'succeeded' || status === 'refunded';
      if (payer === null || personOf(payer) !== person || currency === null || !counts) continue;
      const sum = spend.get(currency) ?? { currency, paid: 0, refunded: 0, payments: 0 };
      spend.set(currency, {
        currency,
        paid: sum.paid + units,
        refunded: sum.refunded + (status === 'refunded' ? units : 0),
        payments: sum.payments + 1,
      });
      continue;
    }
    const theirs = state.lines.filter(({ people }) => people.some((one) => personOf(one) === person));
    const worths = theirs.map(({ status }) => worth(state, status));
    const best = Math.max(0, ...worths);
    const start = Math.min(
      ...theirs.filter((_, index) => worths[index] === best).map(({ hour }) => startOf(hour)),
    );
    if (best === 1) sums.cancelledCount += 1;
    if (best >= 2) {
      sums.orderCount += 1;
      sums.orders.push(start);
    }
    if (best === 3) {
      sums.visitCount += 1;
      sums.visits.push(start);
    }
  }
  sums.spend = [...spend.values()].sort((one, other) => (one.currency < other.currency ? -1 : 1));
  return sums;
};

const together = (all: readonly Sums[]): Sums => {
  const spend = new Map<string, Sums['spend'][number]>();
  for (const { currency, ...more } of all.flatMap((one) => one.spend)) {
    const sum = spend.get(currency) ?? { currency, paid: 0, refunded: 0, payments: 0 };
    spend.set(currency, {
      currency,
      paid: sum.paid + more.paid,
      refunded: sum.refunded + more.refunded,
      payments: sum.payments + more.payments,
    });
  }
  const sum = (pick: (one: Sums) => number) => all.reduce((total, one) => total + pick(one), 0);
  return {
    orderCount: sum((one) => one.orderCount),
    visitCount: sum((one) => one.visitCount),
    cancelledCount: sum((one) => one.cancelledCount),
    spend: [...spend.values()].sort((one, other) => (one.currency < other.currency ? -1 : 1)),
    orders: all.flatMap((one) => one.orders),
    visits: all.flatMap((one) => one.visits),
  };
};

/** Which of the moves can be made, and who is merged into whom after them. */
const playedMoves = (
  moves: readonly Move[],
): { legal: ReadonlySet<Move>; into: ReadonlyMap<number, number> } => {
  const into = new Map<number, number>();
  const legal = new Set<Move>();
  for (const one of moves) {
    const { a, b } = one;
    const isLegal =
      one.do === 'merge' ? a !== b && !into.has(a) && !into.has(b) : into.get(b) === a && !into.has(a);
    if (!isLegal) continue;
    legal.add(one);
    if (one.do === 'merge') into.set(b, a);
    else into.delete(b);
  }
  return { legal, into };
};

const expected = ({ states, moves }: History, person: number) => {
  const { into } = playedMoves(moves);
  const isUnder = (one: number): boolean => one === person || (into.has(one) && isUnder(into.get(one)!));
  const family = [0, 1, 2, KNOWN, NEW].filter(isUnder);
  const { orders, visits, ...counts } = together(family.map((one) => own(states, one)));
  const ends = (times: readonly number[]) =>
    times.length === 0 ? [null, null] : [Math.min(...times), Math.max(...times)];
  return { ...counts, orders: ends(orders), visits: ends(visits) };
};

// The service.
type People = readonly Readonly<Record<string, any>>[];

const play = async (business: Business, steps: readonly (State | Move)[], legal: ReadonlySet<Move>) => {
  const { note: _, ...someone } = aCustomer();
  const known = [];
  for (let count = 0; count <= KNOWN; count += 1) known.push(await added(business));
  const { email } = known[KNOWN]!;
  const alias = { ...someone, _id: newId(), email, phone: null };
  const people: People = [...known, alias, { ...aCustomer(), _id: newId() }];
  const ids = [...Array.from({ length: ORDERS + PAYMENTS }, () => newId())];
  for (const step of steps) {
    if ('do' in step) {
      if (!legal.has(step)) continue;
      const loserId = people[step.b]!['_id'];
      const act = step.do === 'merge' ? business.merge : business.unmerge;
      expect((await act(people[step.a]!['_id'], { loserId })).status).toBe(200);
      continue;
    }
    const time = { id: `${step.of}-${String(step.minute)}`, time: atMinute(step.minute) };
    const back =
      step.of === 'order'
        ? await deliver(recordOrder, [orderMessage(business.businessId, orderOf(step, people, ids), time)])
        : await deliver(recordPayment, [
            paymentMessage(business.businessId, paymentOf(step, people, ids), time),
          ]);
    expect(back).toEqual([]);
  }
  return people;
};

const orderOf = ({ source, status, isDeleted, lines }: OrderState, people: People, ids: readonly string[]) =>
  anOrderDto([], {
    _id: ids[source],
    status,
    state: isDeleted ? 'deleted' : 'active',
    services: lines.map((one) =>
      anOrderLine(
        one.people.map((index) => people[index]!),
        {
          status: one.status,
          start: new Date(startOf(one.hour)).toISOString(),
          end: new Date(startOf(one.hour + 1)).toISOString(),
        },
      ),
    ),
  });

const paymentOf = (
  { source, status, payer, units, currency }: PaymentState,
  people: People,
  ids: readonly string[],
) =>
  aPaymentDto(payer === null ? null : people[payer]!, {
    ...{ _id: ids[ORDERS + source], status, currency },
    amount: units / (currency === null ? 1 : CURRENCIES[currency]),
  });

const stored = async ({ businessId }: Business) => {
  const links = await documentsIn(service, 'customer_link', { businessId });
  const timeOf = (at: Date | undefined) => at?.getTime() ?? null;
  return new Map(
    links.map((link) => [
      String(link.customerId),
      {
        orderCount: link.orderCount,
        visitCount: link.visitCount,
        cancelledCount: link.cancelledCount,
        spend: link.spend,
        orders: [timeOf(link.firstOrderAt), timeOf(link.lastOrderAt)],
        visits: [timeOf(link.firstVisitAt), timeOf(link.lastVisitAt)],
      },
    ]),
  );
};

/** Numbers from 0 to 1 that a seed decides. */
const randomFrom = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

describe('what orders and payments amount to', () => {
  it(
    'equals a model and a recount, in whatever order and however often the events come, between merges and unmerges',
    async () => {
      const histories: readonly History[] = fc.sample(history, { numRuns: HISTORIES, seed: SEED });
      let [events, moves] = [0, 0];
      for (const [number, one] of histories.entries()) {
        const { legal } = playedMoves(one.moves);
        for (let shuffle = 0; shuffle < SHUFFLES; shuffle += 1) {
          const business = aBusiness();
          const steps = shuffled(one, randomFrom(SEED + number * SHUFFLES + shuffle));
          const people = await play(business, steps, legal);
          events += steps.length - one.moves.length;
          moves += legal.size;
          const found = await stored(business);
          for (const person of [0, 1, 2, KNOWN, NEW]) {
            const model = expected(one, person);
            const is = found.get(people[person]!['_id']);
            const isNamed = one.states.some((state) =>
              state.of === 'order'
                ? state.lines.some((each) => each.people.includes(person))
                : state.payer === person,
            );
            // Whom only orders know may be named by older states alone, which never arrive as the newest.
            if (person === NEW && (is === undefined || !isNamed)) {
              expect(model).toMatchObject({ orderCount: 0, visitCount: 0, cancelledCount: 0, spend: [] });
              continue;
            }
            expect({ number, shuffle, person, ...is }).toEqual({ number, shuffle, person, ...model });
          }
          const recount = await run(recountActivity, { businessId: business.businessId });
          expect(recount).toMatchObject({ outcome: 'finished', different: 0, differences: [] });
        }
      }
      report(
        27,
        `${HISTORIES} random histories of orders and payments (full: 2,000), each in ${SHUFFLES} orders with doubles: ` +
          `${events} events, ${moves} merges and unmerges, 0 differences to a model and to a recount; seed ${SEED}`,
      );
    },
    // A history takes a second alone, and many on a busy machine.
    3 * PROOF_TIMEOUT_MS,
  );
});
