import { describe, expect, it } from '@jest/globals';
import { newId } from '#lib/store/customers/add-customer.ts';
import { anOrderDto, anOrderLine, atMinute, order } from '#test/support/activity.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('record-order');

const linkOf = (customerId: string) => documentIn(service, 'customer_link', { customerId });
const sumsOf = async (customerId: string) => {
  const { orderCount, visitCount, cancelledCount, firstOrderAt, lastOrderAt, firstVisitAt, lastVisitAt } =
    await linkOf(customerId);
  return { orderCount, visitCount, cancelledCount, firstOrderAt, lastOrderAt, firstVisitAt, lastVisitAt };
};
const countsOf = async (customerId: string) => {
  const { orderCount, visitCount, cancelledCount } = await linkOf(customerId);
  return [orderCount, visitCount, cancelledCount];
};
const activityOf = (customerId: string) => documentsIn(service, 'activity', { customerId });
const person = (overrides = {}) => {
  const { note: _, ...copy } = aCustomer(overrides);
  return { _id: newId(), ...copy };
};
const customersOf = ({ businessId }: Business) => documentsIn(service, 'customer_link', { businessId });
const done = (one: any) => ({
  ...one,
  status: 'done',
  services: one.services.map((line: any) => ({ ...line, status: 'done' })),
});

describe('an order of a customer that the business has', () => {
  it('is kept with ids, times and states only, and counted on the link', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const before = await linkOf(customer._id);
    const sent = anOrderDto([customer]);
    expect(await order(business.businessId, sent, { id: 'e1', time: atMinute(0) })).toBe(0);
    const [kept, ...more] = await activityOf(customer._id);
    expect(more).toEqual([]);
    const { businessId, customerId } = before;
    expect(kept).toMatchObject({ businessId, customerId, attendeeIds: [customerId], kind: 'order' });
    expect(kept).toMatchObject({
      ...{ stamp: `${Date.parse(atMinute(0))}e1`, status: 'confirmed', counts: 'booked' },
      ...{ startAt: new Date('2026-06-01T10:00:00Z'), endAt: new Date('2026-06-01T11:00:00Z') },
    });
    expect(JSON.stringify(kept)).not.toMatch(/Canary|canary|Ewa|Cut/);
    const start = new Date('2026-06-01T10:00:00Z');
    expect(await sumsOf(customer._id)).toEqual({
      ...{ orderCount: 1, visitCount: 0, cancelledCount: 0, firstOrderAt: start, lastOrderAt: start },
      ...{ firstVisitAt: undefined, lastVisitAt: undefined },
    });
    const after = await linkOf(customer._id);
    for (const field of ['version', 'updatedAt', 'auditSeq', 'updatedKey'])
      expect(after[field]).toEqual(before[field]);
    expect((await business.get(customer._id)).body).toEqual(customer);
  });

  it('is a visit when it is done, and neither when it is cancelled', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const sent = anOrderDto([customer]);
    await order(business.businessId, sent, { time: atMinute(0) });
    await order(business.businessId, done(sent), { time: atMinute(1) });
    const start = new Date('2026-06-01T10:00:00Z');
    expect(await linkOf(customer._id)).toMatchObject({
      ...{ orderCount: 1, visitCount: 1, cancelledCount: 0, firstVisitAt: start, lastVisitAt: start },
      visitKey: `${start.getTime()}${customer._id}`,
    });
    await order(business.businessId, { ...sent, status: 'cancelled' }, { time: atMinute(2) });
    expect(await sumsOf(customer._id)).toEqual({
      ...{ orderCount: 0, visitCount: 0, cancelledCount: 1, firstOrderAt: undefined, lastOrderAt: undefined },
      ...{ firstVisitAt: undefined, lastVisitAt: undefined },
    });
    expect((await linkOf(customer._id)).visitKey).toBeUndefined();
  });

  it('changes nothing when it comes twice, late, or with an older time', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const sent = anOrderDto([customer]);
    const newest = { id: 'e2', time: atMinute(5) };
    await order(business.businessId, done(sent), newest);
    await expectNothingWritten(service, async () => {
      expect(await order(business.businessId, done(sent), newest)).toBe(0);
      expect(await order(business.businessId, sent, { id: 'e9', time: atMinute(4) })).toBe(0);
      expect(await order(business.businessId, sent, { id: 'e1', time: atMinute(5) })).toBe(0);
    });
    expect(await countsOf(customer._id)).toEqual([1, 1, 0]);
    await order(business.businessId, sent, { id: 'e3', time: atMinute(5) });
    expect(await countsOf(customer._id)).toEqual([1, 0, 0]);
  });

  it('stops counting for who is not in the newer state, and counts for who is', async () => {
    const business = aBusiness();
    const [one, other] = [await added(business), await added(business)];
    const sent = anOrderDto([one, other]);
    await order(business.businessId, sent, { time: atMinute(0) });
    await order(business.businessId, { ...sent, services: [anOrderLine([other])] }, { time: atMinute(1) });
    expect([await countsOf(one._id), await countsOf(other._id)]).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
    expect(await activityOf(one._id)).toMatchObject([{ counts: 'no', left: true, services: [] }]);
    await order(business.businessId, sent, { time: atMinute(2) });
    expect(await countsOf(one._id)).toEqual([1, 0, 0]);
    expect((await activityOf(one._id))[0].left).toBeUndefined();
  });

  it('moves the first and the last order and visit with it', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const orderOn = (day: string, id: string) =>
      done({
        ...anOrderDto([], { _id: id }),
        services: [anOrderLine([customer], { start: `2026-06-${day}T10:00:00.000Z` })],
      });
    const [first, second, third] = [newId(), newId(), newId()];
    await order(business.businessId, orderOn('10', first), { time: atMinute(0) });
    await order(business.businessId, orderOn('20', second), { time: atMinute(0) });
    await order(business.businessId, orderOn('15', third), { time: atMinute(0) });
    const ends = async () => {
      const { firstVisitAt, lastVisitAt, firstOrderAt, lastOrderAt } = await linkOf(customer._id);
      expect([firstOrderAt, lastOrderAt]).toEqual([firstVisitAt, lastVisitAt]);
      return [firstVisitAt, lastVisitAt].map((one) => one?.toISOString().slice(8, 10));
    };
    expect(await ends()).toEqual(['10', '20']);
    await order(business.businessId, orderOn('12', second), { time: atMinute(1) });
    expect(await ends()).toEqual(['10', '15']);
    await order(business.businessId, { ...orderOn('10', first), state: 'deleted' }, { time: atMinute(1) });
    expect(await ends()).toEqual(['12', '15']);
    await order(business.businessId, { ...orderOn('15', third), status: 'draft' }, { time: atMinute(1) });
    expect(await ends()).toEqual(['12', '12']);
  });

  it('counts for a deleted one, and revives nobody', async () => {
    const business = aBusiness();
    const customer = await added(business);
    await business.delete(customer._id);
    await order(business.businessId, anOrderDto([customer]));
    expect(await countsOf(customer._id)).toEqual([1, 0, 0]);
    expect((await business.get(customer._id)).body.state).toBe('deleted');
    expect(await customersOf(business)).toHaveLength(1);
  });

  it('counts for one that was merged, and for the survivor too, until the merge is undone', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await order(business.businessId, done(anOrderDto([survivor])));
    await order(business.businessId, done(anOrderDto([loser])));
    await business.merge(survivor._id, { loserId: loser._id });
    expect(await countsOf(survivor._id)).toEqual([2, 2, 0]);
    await order(business.businessId, anOrderDto([loser]));
    expect([await countsOf(survivor._id), await countsOf(loser._id)]).toEqual([
      [3, 2, 0],
      [2, 1, 0],
    ]);
    await order(business.businessId, anOrderDto([survivor]));
    expect((await business.unmerge(survivor._id, { loserId: loser._id })).status).toBe(200);
    expect([await countsOf(survivor._id), await countsOf(loser._id)]).toEqual([
      [2, 1, 0],
      [2, 1, 0],
    ]);
  });

  it('counts along a chain of merges, which can be undone at each end', async () => {
    const business = aBusiness();
    const [one, two, three] = [await added(business), await added(business), await added(business)];
    const at = (day: number) => ({ start: `2026-06-0${String(day)}T10:00:00.000Z` });
    const visit = (who: any, day: number) =>
      done({ ...anOrderDto([]), services: [anOrderLine([who], at(day))] });
    await business.merge(two._id, { loserId: one._id });
    await order(business.businessId, visit(one, 1));
    await order(business.businessId, visit(two, 5));
    await business.merge(three._id, { loserId: two._id });
    await order(business.businessId, visit(three, 7));
    await order(business.businessId, visit(one, 9));
    expect(await linkOf(three._id)).toMatchObject({
      ...{ visitCount: 4, firstVisitAt: new Date(at(1).start), lastVisitAt: new Date(at(9).start) },
    });
    await business.unmerge(three._id, { loserId: two._id });
    expect(await linkOf(three._id)).toMatchObject({
      ...{ visitCount: 1, firstVisitAt: new Date(at(7).start), lastVisitAt: new Date(at(7).start) },
    });
    await business.unmerge(two._id, { loserId: one._id });
    expect(await linkOf(two._id)).toMatchObject({
      ...{ visitCount: 1, firstVisitAt: new Date(at(5).start), lastVisitAt: new Date(at(5).start) },
    });
    expect(await linkOf(one._id)).toMatchObject({ visitCount: 2, lastVisitAt: new Date(at(9).start) });
  });
});

describe('an order of somebody whom the business does not know', () => {
  it('makes a customer under the id of the order, which the panel may push later', async () => {
    const business = aBusiness();
    const someone = person();
    await order(business.businessId, anOrderDto([{ ...someone, customerType: 'new' }]));
    const made = (await business.get(someone._id)).body;
    expect(made).toMatchObject({ ...someone, customerType: 'regular', state: 'active', note: null });
    expect(await countsOf(someone._id)).toEqual([1, 0, 0]);
    const pushed = await business.create({ ...someone, note: 'canary of the panel' });
    expect([pushed.status, pushed.body.note]).toEqual([200, 'canary of the panel']);
    expect(await customersOf(business)).toHaveLength(1);
  });

  it('makes an unregistered one where the rules of a regular one are not met', async () => {
    const business = aBusiness();
    const someone = person({ phone: null, email: 'not an email' });
    await order(business.businessId, anOrderDto([someone]));
    expect((await business.get(someone._id)).body).toMatchObject({
      ...{ customerType: 'unregistered', email: null, phone: null, lastName: someone.lastName },
    });
  });

  it('finds the live customer with that email, else with that phone, and changes nothing of it', async () => {
    const business = aBusiness();
    const [byEmail, byPhone] = [await added(business), await added(business)];
    const first = person({ email: byEmail.email.toUpperCase() });
    const second = person({ phone: byPhone.phone });
    await order(business.businessId, anOrderDto([first, second]));
    expect(await customersOf(business)).toHaveLength(2);
    for (const one of [byEmail, byPhone]) {
      expect((await business.get(one._id)).body).toEqual(one);
      expect(await countsOf(one._id)).toEqual([1, 0, 0]);
    }
    const answer = await business.get(second._id);
    expect([answer.status, answer.body._id]).toEqual([200, byPhone._id]);
  });

  it('finds no deleted customer by its email', async () => {
    const business = aBusiness();
    const customer = await added(business);
    await business.delete(customer._id);
    const someone = person({ email: customer.email });
    await order(business.businessId, anOrderDto([someone]));
    expect((await business.get(someone._id)).body).toMatchObject({ _id: someone._id, email: customer.email });
    expect(await countsOf(customer._id)).toEqual([0, 0, 0]);
  });

  it('makes a record of its own where the id is of another business, and reads nothing of that one', async () => {
    const [other, business] = [aBusiness(), aBusiness()];
    const foreign = await added(other);
    const copy = person({ _id: foreign._id });
    await expect(order(business.businessId, anOrderDto([copy]))).resolves.toBe(0);
    const [link, ...more] = await customersOf(business);
    expect(more).toEqual([]);
    const customerId = link.customerId.toHexString();
    expect(customerId).not.toBe(foreign._id);
    const answer = await business.get(foreign._id);
    expect([answer.status, answer.body._id, answer.body.email]).toEqual([200, customerId, copy.email]);
    expect((await other.get(foreign._id)).body).toEqual(foreign);
    expect(await countsOf(foreign._id)).toEqual([0, 0, 0]);
  });

  it('is one customer when two of its people have the same email', async () => {
    const business = aBusiness();
    const [one, other] = [person(), person()];
    await order(business.businessId, anOrderDto([one, { ...other, email: one.email }]));
    expect(await customersOf(business)).toHaveLength(1);
    expect(await activityOf(one._id)).toMatchObject([{ attendeeIds: { length: 2 } }]);
    expect(await countsOf(one._id)).toEqual([1, 0, 0]);
  });

  it.each([
    ['anonymous', { customerType: 'anonymous' }],
    ['without name and contact', { firstName: null, lastName: null, email: null, phone: null }],
  ])('is nobody when it is %s', async (_what, overrides) => {
    const business = aBusiness();
    await order(business.businessId, anOrderDto([person(overrides)]));
    expect(await customersOf(business)).toEqual([]);
    expect(await countIn(service, 'activity', { businessId: business.businessId })).toBe(0);
  });

  it('takes bare people of the booking page, and an empty text for nobody', async () => {
    const business = aBusiness();
    const someone = person();
    const line: any = anOrderLine([]);
    line.orderAppointmentDetails.attendees = ['', someone];
    line.orderAppointmentDetails.specialists = [{ _id: newId(), wasSelectedAnybody: true }];
    await order(business.businessId, { ...anOrderDto([]), services: [line] });
    expect((await business.get(someone._id)).body.email).toBe(someone.email);
  });
});

describe('an order of somebody who was erased', () => {
  it('makes nobody again, however late, often and new its events are', async () => {
    const business = aBusiness();
    const someone = person();
    const known = await added(business);
    const alias = person({ email: known.email });
    const [first, second] = [anOrderDto([someone]), anOrderDto([alias])];
    await order(business.businessId, first, { id: 'a', time: atMinute(1) });
    await order(business.businessId, second, { id: 'a', time: atMinute(1) });
    for (const id of [someone._id, known._id]) expect((await business.erase(id)).status).toBe(200);
    expect(await countIn(service, 'activity', { businessId: business.businessId })).toBe(0);
    for (const sent of [first, second]) {
      expect(await order(business.businessId, sent, { id: 'a', time: atMinute(1) })).toBe(0);
      expect(await order(business.businessId, sent, { time: atMinute(0) })).toBe(0);
      expect(await order(business.businessId, done(sent), { time: atMinute(9) })).toBe(0);
      expect(await order(business.businessId, { ...sent, _id: newId() }, { time: atMinute(9) })).toBe(0);
    }
    expect(await customersOf(business)).toEqual([]);
    expect(await countIn(service, 'activity', { businessId: business.businessId })).toBe(0);
    for (const id of [someone._id, alias._id, known._id]) expect((await business.get(id)).status).toBe(404);
  });
});

describe('an order that cannot be read', () => {
  const people = (many: number) => Array.from({ length: many }, () => person());
  it.each([
    ['without an id', anOrderDto([], { _id: 'no id' })],
    ['with more than 100 people', anOrderDto(people(101))],
    [
      'with a line that begins before 1970',
      anOrderDto([], { services: [anOrderLine([], { start: '1969-12-31T23:59:59.999Z' })] }),
    ],
    ['that was created after 2286', anOrderDto([], { createdAt: '2287-01-01T00:00:00.000Z' })],
  ])('%s comes back, and writes nothing', async (_what, sent) => {
    const business = aBusiness();
    await expectNothingWritten(service, async () => {
      expect(await order(business.businessId, sent)).toBe(1);
    });
  });

  it('is none because of fields and states that nobody knows: they are kept and count nothing', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const sent = anOrderDto([customer], { status: 'hibernating', mood: { is: ['good'] } });
    expect(await order(business.businessId, sent)).toBe(0);
    expect(await activityOf(customer._id)).toMatchObject([{ status: 'hibernating', counts: 'no' }]);
    expect(await countsOf(customer._id)).toEqual([0, 0, 0]);
  });

  it('is none with 100 people', async () => {
    const business = aBusiness();
    expect(await order(business.businessId, anOrderDto(people(100)))).toBe(0);
    expect(await customersOf(business)).toHaveLength(100);
  });
});
