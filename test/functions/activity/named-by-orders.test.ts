import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { type Answer, useService } from '#test/support/service.ts';
import { anId, hour, store } from '#test/support/stored-activity.ts';

const service = useService('named-by-orders');

/** A customer whose order names it by another id. */
const aCustomerNamed = async (business: Business) => {
  const { _id: customerId } = await added(business);
  const named = anId();
  const attendeeIds = [new Types.ObjectId(named)];
  const [orderId] = await store(service, { business, customerId }, 'order', [
    { startAt: hour(1), attendeeIds },
  ]);
  return { customerId, named, orderId };
};

describe('an id by which an order names a customer', () => {
  it('finds the customer in every read of orders', async () => {
    const business = aBusiness();
    const { customerId, named, orderId } = await aCustomerNamed(business);
    await business.prefer(customerId, { language: 'pl' });
    expect((await business.orders(named)).body.items).toMatchObject([{ orderId }]);
    expect((await business.payments(named)).body.items).toEqual([]);
    expect((await business.preferences(named)).body.language).toBe('pl');
    expect((await business.snapshot(named)).body.customer._id).toBe(customerId);
    expect((await business.firstTime({ customerId: named })).body._id).toBe(customerId);
    const { results } = (await business.snapshots({ customerIds: [named, anId(), customerId] })).body;
    expect(results.map(({ attendee }: any) => attendee?.customer._id)).toEqual([
      customerId,
      undefined,
      customerId,
    ]);
    expect((await business.attendees([{ _id: named }])).body.results).toMatchObject([
      { status: 200, attendee: { customer: { _id: customerId } } },
    ]);
  });

  it('finds the survivor, if the customer was merged', async () => {
    const business = aBusiness();
    const { customerId, named } = await aCustomerNamed(business);
    const { _id: survivorId } = await added(business);
    await business.merge(survivorId, { loserId: customerId });
    expect((await business.snapshot(named)).body.customer._id).toBe(survivorId);
    expect((await business.orders(named)).body.items).toHaveLength(1);
  });

  it('finds nobody in another business, and changes nobody', async () => {
    const business = aBusiness();
    const { named } = await aCustomerNamed(business);
    const stranger = aBusiness();
    const asked: readonly ((id: string) => Promise<Answer>)[] = [
      (id) => stranger.orders(id),
      (id) => stranger.payments(id),
      (id) => stranger.preferences(id),
      (id) => stranger.snapshot(id),
      (id) => business.prefer(id, { language: 'pl' }),
    ];
    for (const ask of asked) expectProblem(await ask(named), 404, 'customer-not-found');
    expect((await stranger.firstTime({ customerId: named })).body).toEqual({ firstTime: true, visits: 0 });
  });
});
