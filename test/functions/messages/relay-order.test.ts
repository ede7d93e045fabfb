import { expect, it } from '@jest/globals';
import { relayEvents } from '#functions/messages/relay-events/relay-events.ts';
import type { CustomerEvent } from '#lib/domain/messages/customer-event.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { fc } from '#test/support/fast-check.ts';

/** What happens in one step of a history: somebody changes a customer, or a relay takes one step, or it is killed. */
type Step = Readonly<
  | { what: 'change'; customer: number }
  | { what: 'answer'; codes: readonly boolean[] }
  | { what: 'kill' | 'fail' }
>;

const ID = /^[0-9a-f]{24}$/;
const hex = (number: number): string => number.toString(16).padStart(24, '0');

/** An outbox and a bus in memory, which let a relay go on only when a test says so. */
const aWorld = () => {
  const outbox: (CustomerEvent & { pending: boolean })[] = [];
  const arrived: CustomerEvent[] = [];
  const seqs = new Map<number, number>();
  const change = (customer: number) => {
    const seq = (seqs.get(customer) ?? 0) + 1;
    seqs.set(customer, seq);
    const [id, customerId] = [hex(outbox.length + 1), hex(1_000 + customer)];
    const event = {
      id,
      type: 'customer-changed' as const,
      businessId: hex(7),
      customerId,
      seq,
      version: seq,
    };
    // The ids say nothing about the order: every other one is put first.
    const place = outbox.length % 2 === 0 ? outbox.length : 0;
    outbox.splice(place, 0, { ...event, state: 'active', at: new Date(0), fields: [], pending: true });
  };
  return { outbox, arrived, change };
};
type World = ReturnType<typeof aWorld>;

class Killed extends Error {}

/** One run of a relay. `answer` decides what the bus does with each call; a kill lets the run end where it is. */
const aRun = (
  { outbox, arrived }: World,
  answer: (count: number) => readonly boolean[] | 'kill' | 'fail',
) => {
  const put = (events: readonly any[]) => {
    expect(events.length).toBeLessThanOrEqual(10);
    expect(new Set(events.map(({ subject }) => subject)).size).toBe(events.length);
    const codes = answer(events.length);
    const isAccepted = (index: number) => typeof codes === 'string' || codes[index] !== false;
    for (const [index, { id }] of events.entries()) {
      expect(id).toMatch(ID);
      if (isAccepted(index)) arrived.push(outbox.find((event) => event.id === id)!);
    }
    // The bus has everything, and nobody hears that it has.
    if (codes === 'kill') return Promise.reject(new Killed('killed'));
    if (codes === 'fail') return Promise.reject(new Error('no answer'));
    return Promise.resolve(events.map((_, index) => (isAccepted(index) ? null : 'Refused')));
  };
  return relayEvents({
    underLease: async (_scope, work) => await work(() => Promise.resolve(true)),
    waitNext: () => Promise.resolve(),
    isNext: () => Promise.resolve(true),
    findPending: ({ most, except }) => {
      const waiting = outbox.filter(({ pending, customerId }) => pending && !except.has(customerId));
      const customers = new Set(waiting.slice(0, most).map(({ customerId }) => customerId));
      return Promise.resolve(waiting.filter(({ customerId }) => customers.has(customerId)));
    },
    markPublished: (ids) => {
      for (const event of outbox) if (ids.includes(event.id)) event.pending = false;
      return Promise.resolve();
    },
    noteRefused: () => Promise.resolve(),
    readLagMs: () => Promise.resolve(0),
    put,
    describeError: (error) => {
      // Nothing of a killed process goes on.
      if (error instanceof Killed) throw error;
      return { error: 'Error' };
    },
    logEvent: () => undefined,
    reportLag: () => undefined,
    pause: () => Promise.resolve(),
    now: () => new Date(),
  })({ batchSize: 3, lastLookMs: 0 }, aSystemScope('relay-events'));
};

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ what: fc.constant('change' as const), customer: fc.nat(15) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        what: fc.constant('answer' as const),
        codes: fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('kill' as const, 'fail' as const) }) },
  ),
  { maxLength: 120 },
);

it('first arrivals are in the order of each customer and none is lost, whatever the bus does and wherever a run ends', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const world = aWorld();
      const left = [...history];
      /** Writers go on while a relay works: their changes come between its calls. */
      const answer = (count: number): readonly boolean[] | 'kill' | 'fail' => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
          if (next.what === 'change') world.change(next.customer);
          else return next.what === 'answer' ? next.codes : next.what;
        }
        return Array.from({ length: count }, () => true);
      };
      while (left.length > 0 || world.outbox.some(({ pending }) => pending)) {
        const next = left.shift();
        if (next?.what === 'change') world.change(next.customer);
        else await aRun(world, answer).catch(() => undefined);
      }
      const first = new Map<string, CustomerEvent>();
      for (const event of world.arrived) if (!first.has(event.id)) first.set(event.id, event);
      expect(first.size).toBe(world.outbox.length);
      const numbers = new Map<string, number[]>();
      for (const { customerId, seq } of first.values())
        numbers.set(customerId, [...(numbers.get(customerId) ?? []), seq]);
      for (const own of numbers.values()) expect(own).toEqual(own.map((_, index) => index + 1));
    }),
    { numRuns: 300 },
  );
});
