import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as recountActivity } from '#functions/activity/recount-activity/handler.ts';
import { newId } from '#lib/store/customers/add-customer.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { confirmLeaving, prepareLeaving } from '#lib/store/rights/leave-database.ts';
import { anOrderDto, anOrderLine, aPaymentDto, atMinute, order, pay } from '#test/support/activity.ts';
import { age, archived, keep, useArchive } from '#test/support/archived.ts';
import { added, aBusiness, type Business } from '#test/support/a-business.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { useObjectEndpoint } from '#test/support/object-endpoint.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn } from '#test/support/stored.ts';

const service = useService('away-customers');
useObjectEndpoint();
useArchive();

let business: Business;
beforeEach(async () => {
  business = aBusiness();
  expect((await business.chooseSettings({ archiveAfterDays: 1 })).status).toBe(200);
});

const done = (sent: any) => ({
  ...sent,
  status: 'done',
  services: sent.services.map((line: any) => ({ ...line, status: 'done' })),
});
const linkOf = (customerId: string) => documentIn(service, 'customer_link', { customerId });
const activityOf = (customerId: string) => documentsIn(service, 'activity', { customerId });
const listsOf = async (id: string) => [(await business.orders(id)).body, (await business.payments(id)).body];

/** A customer with a visit and a payment, who is archived and due for the archive. */
const aVisitor = async () => {
  const customer = await archived(service, business, { note: 'canary secret' });
  const sent = anOrderDto([customer]);
  await order(business.businessId, done(sent), { time: atMinute(0) });
  await pay(business.businessId, aPaymentDto(customer), { time: atMinute(0) });
  return { customer, sent };
};

/** The same, in the archive, with the lists of its orders and payments before. */
const aVisitorAway = async () => {
  const visitor = await aVisitor();
  const lists = await listsOf(visitor.customer._id);
  expect(await keep()).toMatchObject({ moved: 1, troubled: [] });
  return { ...visitor, lists };
};

/** Lets the next run bring back who was asked for, and nobody leave again. */
const bringBack = async () => {
  await business.chooseSettings({ archiveAfterDays: null });
  expect(await keep()).toMatchObject({ returned: 1, troubled: [] });
};
const expectRightSums = async () => {
  expect(await run(recountActivity, { businessId: business.businessId })).toMatchObject({ different: 0 });
};

describe('orders and payments of a customer that goes to the archive', () => {
  it('leave the database but for their ids and times, and come back as they were', async () => {
    const { customer, lists } = await aVisitorAway();
    const { _id } = customer;
    const left = await activityOf(_id);
    expect(left).toHaveLength(2);
    for (const one of left)
      expect(Object.keys(one).sort()).toEqual([
        ...['_id', 'attendeeIds', 'away', 'businessId', 'counts', 'customerId', 'kind'],
        ...['sourceId', 'stamp', 'startAt', 'status'],
      ]);
    await business.recall(_id);
    await bringBack();
    expect(await listsOf(_id)).toEqual(lists);
    expect(await countIn(service, 'activity', { customerId: _id, away: true })).toBe(0);
    await expectRightSums();
  });

  it('are not listed meanwhile, which the lists say; totals, first time and statistics stay', async () => {
    const firstTime = { at: '2026-07-01T00:00:00.000Z' };
    const visits = { from: '2026-06-01', to: '2026-06-02' };
    const { customer, lists } = await aVisitorAway();
    const [orders, payments] = await listsOf(customer._id);
    expect(orders).toMatchObject({ items: [], inArchive: true, totals: lists[0].totals });
    expect(payments).toMatchObject({ items: [], inArchive: true });
    expect(lists[0].inArchive).toBeUndefined();
    expect((await business.firstTime({ customerId: customer._id, ...firstTime })).body).toMatchObject({
      ...{ firstTime: false, visits: 1 },
    });
    expect((await business.statistics(visits)).body.visits).toEqual({ total: 1, first: 1, returning: 0 });
    await expectRightSums();
  });

  it('come into the object also when they were told amid the move', async () => {
    const { customer, sent } = await aVisitor();
    const { businessId } = business;
    const scope = aSystemScope('keep-archive');
    const due = { businessId, customerId: customer._id, place: '' };
    const leaving = await prepareLeaving(due, new Date(), scope);
    await order(businessId, { ...sent, status: 'cancelled' }, { time: atMinute(1) });
    await expect(confirmLeaving(leaving!, new Date())).rejects.toBeInstanceOf(Conflict);
    expect((await linkOf(customer._id)).away).toBeUndefined();
    expect(await countIn(service, 'activity', { customerId: customer._id, away: true })).toBe(0);
  });

  it('leave in the next run when a run was cut short after the customer had left', async () => {
    const { customer } = await aVisitor();
    const scope = aSystemScope('keep-archive');
    const due = { businessId: business.businessId, customerId: customer._id, place: '' };
    const leaving = await prepareLeaving(due, new Date(), scope);
    await confirmLeaving(leaving!, new Date());
    expect(await documentIn(service, 'archive', { _id: customer._id })).toMatchObject({ step: 'leaving' });
    expect(await countIn(service, 'activity', { customerId: customer._id, away: true })).toBe(0);
    await keep();
    expect(await documentIn(service, 'archive', { _id: customer._id })).toMatchObject({ step: 'away' });
    expect(await countIn(service, 'activity', { customerId: customer._id, away: true })).toBe(2);
  });

  it('wait until nobody is left who was merged into it, so that all of its orders are its own', async () => {
    const survivor = await added(business);
    const loser = await added(business);
    await business.merge(survivor._id, { loserId: loser._id });
    await business.setState(survivor._id, { state: 'archived' });
    await age(service, survivor._id);
    await service.database.collection('merge').deleteMany({});
    expect(await keep()).toMatchObject({ moved: 0, troubled: [] });
  });
});

describe('an event about a customer that the archive has', () => {
  it('is kept, asks for the customer to come back, and counts once it is', async () => {
    const { customer } = await aVisitorAway();
    const { _id } = customer;
    await order(business.businessId, anOrderDto([customer]), { time: atMinute(1) });
    expect(await documentIn(service, 'archive', { _id })).toMatchObject({ asked: true });
    expect((await linkOf(_id)).orderCount).toBe(1);
    expect((await business.orders(_id)).body.items).toHaveLength(1);
    await bringBack();
    const link = await linkOf(_id);
    expect([link.orderCount, link.visitCount, link.away]).toEqual([2, 1, undefined]);
    expect((await business.get(_id)).body.note).toBe('canary secret');
    expect((await business.orders(_id)).body.items).toHaveLength(2);
    expect(await countIn(service, 'activity', { customerId: _id, late: true })).toBe(0);
    await expectRightSums();
  });

  it('with a newer state of an archived order takes its place, also of a payment', async () => {
    const { customer, sent, lists } = await aVisitorAway();
    const { _id } = customer;
    await order(business.businessId, { ...sent, status: 'cancelled' }, { time: atMinute(1) });
    const [{ paymentId }] = lists[1].items;
    const refunded = aPaymentDto(customer, { _id: paymentId, status: 'refunded' });
    await pay(business.businessId, refunded, { time: atMinute(1) });
    await bringBack();
    const link = await linkOf(_id);
    expect([link.orderCount, link.visitCount, link.cancelledCount]).toEqual([0, 0, 1]);
    expect((await business.orders(_id)).body.items).toMatchObject([{ status: 'cancelled' }]);
    expect((await business.payments(_id)).body.items).toMatchObject([{ status: 'refunded' }]);
    await expectRightSums();
  });

  it('that does not name it any more takes the order from it', async () => {
    const { customer, sent } = await aVisitorAway();
    const other = await added(business);
    await order(business.businessId, { ...sent, services: [anOrderLine([other])] }, { time: atMinute(1) });
    await bringBack();
    expect((await linkOf(customer._id)).orderCount).toBe(0);
    expect((await business.orders(customer._id)).body.items).toEqual([]);
    expect((await linkOf(other._id)).orderCount).toBe(1);
    await expectRightSums();
  });

  it('finds it by the id of its order, and makes nobody once it is erased', async () => {
    const foreign = newId();
    const { customer } = await aVisitor();
    const { email, firstName } = customer;
    const named = { _id: foreign, email, firstName };
    const sent = anOrderDto([named]);
    await order(business.businessId, sent, { time: atMinute(0) });
    await keep();
    expect((await business.get(foreign)).body._id).toBe(customer._id);
    expect((await business.erase(customer._id)).status).toBe(202);
    await run(finishErasures, {});
    expect(await activityOf(customer._id)).toEqual([]);
    await order(business.businessId, done(sent), { time: atMinute(2) });
    const links = await documentsIn(service, 'customer_link', { businessId: business.businessId });
    expect(links).toEqual([]);
  });
});
