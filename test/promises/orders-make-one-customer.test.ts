import { describe, expect, it } from '@jest/globals';
import { handler as recordOrder } from '#functions/activity/record-order/handler.ts';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { newId } from '#lib/store/customers/add-customer.ts';
import { anOrderDto, aPaymentDto, atMinute, order, orderMessage, pay } from '#test/support/activity.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { deliver } from '#test/support/queue-messages.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentsIn } from '#test/support/stored.ts';

const service = useService('one-customer');
const AT_ONCE = sized({ short: 20, full: 100 });
const ROUNDS = sized({ short: 2, full: 20 });
const ERASURES = sized({ short: 10, full: 1_000 });
const RACES = sized({ short: 4, full: 100 });

const person = (overrides = {}) => {
  const { note: _, ...copy } = aCustomer(overrides);
  return { _id: newId(), ...copy };
};

describe('equal events at once', () => {
  it(
    'make one customer, and one order counts once, however the person is named',
    async () => {
      let [made, counted] = [0, 0];
      for (let round = 0; round < ROUNDS; round += 1) {
        const business = aBusiness();
        const someone = person();
        const sent = anOrderDto([someone]);
        const equal = Array.from({ length: AT_ONCE }, () =>
          deliver(
            recordOrder,
            [orderMessage(business.businessId, sent, { id: 'same', time: atMinute(0) })],
            60_000,
          ),
        );
        // The same person in other orders, under other ids, as the booking page makes them.
        const others = Array.from({ length: AT_ONCE / 4 }, () =>
          order(business.businessId, anOrderDto([{ ...someone, _id: newId() }])),
        );
        expect((await Promise.all(equal)).flat()).toEqual([]);
        expect(await Promise.all(others)).toEqual(others.map(() => 0));
        const links = await documentsIn(service, 'customer_link', { businessId: business.businessId });
        expect(links).toHaveLength(1);
        made += links.length;
        counted += links[0].orderCount;
        expect(links[0].orderCount).toBe(1 + AT_ONCE / 4);
      }
      report(
        7,
        `${AT_ONCE} equal events of an order beside ${AT_ONCE / 4} orders of the same person under other ids, x ${ROUNDS} rounds ` +
          `(full: 100 x 20): ${made} customers made, ${counted} orders counted`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});

/** Somebody who is known, and whom an order names by another id, or somebody whom only the order knows. */
const live = async (business: Business, index: number) => {
  if (index % 2 === 0) {
    const someone = person();
    return { id: someone._id, copy: someone };
  }
  const known = await added(business);
  return { id: known._id as string, copy: person({ email: known.email }) };
};

describe('who was erased', () => {
  it(
    'does not come back by late, doubled or newer events of its orders and payments',
    async () => {
      const business = aBusiness();
      const { businessId } = business;
      let events = 0;
      for (let index = 0; index < ERASURES; index += 1) {
        const { id, copy } = await live(business, index);
        const sent = anOrderDto([copy]);
        const paid = aPaymentDto(copy, { orderId: sent['_id'] });
        const first = { id: 'e-1', time: atMinute(5) };
        await order(businessId, sent, first);
        if (index % 3 === 0) await pay(businessId, paid, first);
        expect([200, 202]).toContain((await business.erase(id)).status);
        // Events may come before the sweep has ended, and after it.
        if (index % 5 === 0) await run(finishErasures, {});
        const later = [
          order(businessId, sent, first),
          order(businessId, sent, { time: atMinute(4) }),
          order(businessId, { ...sent, status: 'done' }, { time: atMinute(6) }),
          pay(businessId, paid, { time: atMinute(6) }),
          pay(businessId, { ...paid, status: 'refunded' }, { time: atMinute(7) }),
        ];
        events += later.length;
        expect(await Promise.all(later)).toEqual(later.map(() => 0));
      }
      await run(finishErasures, {});
      const back = await countIn(service, 'customer_link', { businessId });
      const left = await countIn(service, 'activity', { businessId });
      report(
        27,
        `${ERASURES} erasures (full: 1,000), with ${events} late, doubled and newer events of their orders and payments after them: ` +
          `${back} came back, ${left} orders or payments left over`,
      );
      expect([back, left]).toEqual([0, 0]);
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'does not come back by an event that is handled while it is erased, and nothing of it is left',
    async () => {
      const business = aBusiness();
      const { businessId } = business;
      for (let race = 0; race < RACES; race += 1) {
        const known = await added(business);
        const sent = anOrderDto([known]);
        await order(businessId, sent, { time: atMinute(1) });
        const [answer, ...back] = await Promise.all([
          business.erase(known._id),
          order(businessId, { ...sent, status: 'done' }, { time: atMinute(2) }),
          order(businessId, anOrderDto([known]), { time: atMinute(2) }),
        ]);
        expect([200, 202]).toContain(answer.status);
        expect(back).toEqual([0, 0]);
      }
      await run(finishErasures, {});
      const found = [
        await countIn(service, 'customer_link', { businessId }),
        await countIn(service, 'activity', { businessId }),
      ];
      report(27, `${RACES} erasures (full: 100) beside two events each: ${found.join(' and ')} left over`);
      expect(found).toEqual([0, 0]);
    },
    PROOF_TIMEOUT_MS,
  );
});
