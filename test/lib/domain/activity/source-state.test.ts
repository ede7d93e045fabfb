import { describe, expect, it } from '@jest/globals';
import { orderFacts } from '#lib/domain/activity/order.ts';
import { paymentFacts } from '#lib/domain/activity/payment.ts';
import { stateOfOrder, stateOfPayment } from '#lib/domain/activity/source-state.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { aLine, anAttendee, anOrder, aPayment, atHour } from './samples.ts';

const EVENT = { id: 'e1', time: atHour(12) };
const STAMP = `${String(atHour(12).getTime())}e1`;
const [anna, ben] = [anAttendee(), anAttendee({ id: 'f'.repeat(24), firstName: 'Ben' })];

describe('what an event says of an order', () => {
  const lines = [
    aLine({ status: 'done', attendees: [anna] }),
    aLine({ status: 'accepted', start: atHour(14), attendees: [anna, ben] }),
    aLine({ status: 'cancelled', attendees: [ben] }),
  ];
  const order = anOrder({ lines });
  const state = stateOfOrder(order, EVENT, DEFAULT_SETTINGS);

  it('is its id, its stamp, and everybody in it once', () => {
    expect(state).toMatchObject({ kind: 'order', sourceId: order.id, stamp: STAMP });
    expect(state.people).toEqual([anna, ben]);
  });

  it('is of each person the lines in which it takes part, in their order', () => {
    const [one, other] = state.people;
    const [first, both, last] = lines;
    expect(state.factsOf([one!])).toEqual(orderFacts(order, [first!, both!], EVENT.time));
    expect(state.factsOf([other!])).toEqual(orderFacts(order, [both!, last!], EVENT.time));
  });

  it('is of one customer who is two of its people each line once', () => {
    expect(state.factsOf([...state.people].reverse())).toEqual(orderFacts(order, lines, EVENT.time));
    expect(state.factsOf([]).counts).toBe('no');
  });

  it('has people without what no customer can have', () => {
    const faulty = anOrder({ lines: [aLine({ attendees: [anAttendee({ email: 'at home' })] })] });
    const { people, factsOf } = stateOfOrder(faulty, EVENT, DEFAULT_SETTINGS);
    expect(people).toEqual([anAttendee({ email: null })]);
    expect(factsOf(people).counts).toBe('booked');
  });

  it('begins when the state was stored, where the order has no other time', () => {
    const timeless = anOrder({ createdAt: null, lines: [aLine({ start: null })] });
    const { people, factsOf } = stateOfOrder(timeless, EVENT, DEFAULT_SETTINGS);
    expect(factsOf(people)).toMatchObject({ startAt: EVENT.time });
  });
});

describe('what an event says of a payment', () => {
  it('is its id, its stamp, its payer, and what was paid', () => {
    const payment = aPayment({ payer: anAttendee({ phone: '12' }) });
    const state = stateOfPayment(payment, EVENT, DEFAULT_SETTINGS);
    expect(state).toMatchObject({ kind: 'payment', sourceId: payment.id, stamp: STAMP });
    expect(state.people).toEqual([anAttendee({ phone: null })]);
    expect(state.factsOf(state.people)).toEqual(paymentFacts(payment, EVENT.time));
  });

  it('is of nobody without a payer', () => {
    expect(stateOfPayment(aPayment({ payer: null }), EVENT, DEFAULT_SETTINGS).people).toEqual([]);
  });
});
