import { describe, expect, it } from '@jest/globals';
import { handler as recordOrder } from '#functions/activity/record-order/handler.ts';
import { anOrderDto, orderMessage } from '#test/support/activity.ts';
import { aBusiness } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { deliver } from '#test/support/queue-messages.ts';
import { useService } from '#test/support/service.ts';
import { anId } from '#test/support/stored-activity.ts';
import { countIn, documentIn } from '#test/support/stored.ts';

const service = useService('row-07-attendees');
const ROUNDS = sized({ short: 1, full: 20 });
const AT_ONCE = sized({ short: 10, full: 100 });
const AMPLE_MS = sized({ short: 60_000, full: 600_000 });

const aPerson = () => {
  const { firstName, lastName, email, phone } = aCustomer();
  return { _id: anId(), firstName, lastName, email, phone };
};
type Person = ReturnType<typeof aPerson>;

/** Equal events of one order and equal calls for its attendee, all at once. Returns the statuses and ids that were answered. */
const round = async (inEvent: Partial<Person>, inCall: Partial<Person>) => {
  const business = aBusiness({ role: 'SERVICE', remainingMs: AMPLE_MS });
  const order = anOrderDto([{ customerType: 'new', ...inEvent }]);
  const message = orderMessage(business.businessId, order);
  const events = Array.from({ length: AT_ONCE }, () => deliver(recordOrder, [message], AMPLE_MS));
  const calls = Array.from({ length: AT_ONCE }, () => business.attendees([inCall]));
  const [givenBack, answers] = await Promise.all([Promise.all(events), Promise.all(calls)]);
  expect(givenBack.flat()).toEqual([]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const results = answers.flatMap(({ body }) => body.results);
  const { businessId } = business;
  expect(await countIn(service, 'customer_link', { businessId })).toBe(1);
  expect(await countIn(service, 'activity', { businessId })).toBe(1);
  const link = await documentIn(service, 'customer_link', { businessId });
  expect([link.orderCount, link.visitCount]).toEqual([1, 0]);
  const ids = new Set(results.map(({ attendee }) => attendee.customer._id));
  expect([...ids]).toEqual([link.customerId.toHexString()]);
  expect(results.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1);
};

const KINDS: readonly (readonly [string, (person: Person) => [Partial<Person>, Partial<Person>]])[] = [
  ['the same id', (person) => [person, person]],
  ['the same email, and no id in the calls', ({ _id, ...rest }) => [{ _id, ...rest }, rest]],
  ['the same email, under two ids', (person) => [person, { ...person, _id: anId() }]],
  ['the same phone, under two ids', ({ email: _, ...person }) => [person, { ...person, _id: anId() }]],
];

describe('an order and its attendee, sent many times at once', () => {
  it.each(KINDS)(
    'make one customer: with %s',
    async (_what, peopleOf) => {
      for (let count = 0; count < ROUNDS; count += 1) await round(...peopleOf(aPerson()));
    },
    PROOF_TIMEOUT_MS,
  );

  it('are counted', () => {
    report(
      7,
      `${String(AT_ONCE)} equal events beside ${String(AT_ONCE)} equal calls for attendees (full: 100 and 100), ` +
        `${String(ROUNDS)} rounds (full: 20) of each of ${String(KINDS.length)} kinds: one customer and one order each time`,
    );
  });
});
