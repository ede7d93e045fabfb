import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { anId, hour, setTotals, store, type StoredActivity } from '#test/support/stored-activity.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';

const service = useService('find-orders');
const [CUT, DYE, ANNA, BEN] = [anId(), anId(), anId(), anId()];

const aLine = (serviceId: string, ...specialistIds: string[]) => ({
  serviceId: new Types.ObjectId(serviceId),
  specialistIds: specialistIds.map((id) => new Types.ObjectId(id)),
  status: 'done',
  startAt: hour(1),
});

/** A customer with orders, and their ids in the order in which they were given. */
const aCustomerWith = async (business: Business, orders: readonly StoredActivity[]) => {
  const { _id: customerId } = await added(business);
  return { _id: customerId, orderIds: await store(service, { business, customerId }, 'order', orders) };
};

const idsIn = ({ body }: { body: any }): string[] => body.items.map(({ orderId }: any) => orderId);

/** All pages, from the first one to the last. */
const walk = async (business: Business, id: string, query: Record<string, string>): Promise<string[][]> => {
  const pages: string[][] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const answer = await business.orders(id, { ...query, cursor });
    expect(answer.status).toBe(200);
    pages.push(idsIn(answer));
    cursor = answer.body.nextCursor;
  }
  return pages;
};

describe('the orders of a customer', () => {
  it('are answered with ids, times and statuses only', async () => {
    const business = aBusiness();
    const order = { startAt: hour(1), endAt: hour(2), services: [aLine(CUT, ANNA)] };
    const { _id, orderIds } = await aCustomerWith(business, [
      order,
      { startAt: hour(0), status: 'odd', counts: 'no' },
    ]);
    const { status, body } = await business.orders(_id);
    expect([status, body.items]).toEqual([
      200,
      [
        {
          orderId: orderIds[0],
          status: 'done',
          counts: 'visit',
          startAt: '2026-01-01T01:00:00.000Z',
          endAt: '2026-01-01T02:00:00.000Z',
          services: [
            { serviceId: CUT, specialistIds: [ANNA], status: 'done', startAt: '2026-01-01T01:00:00.000Z' },
          ],
          updatedAt: '2026-01-31T00:00:00.000Z',
        },
        {
          ...{ orderId: orderIds[1], status: 'odd', counts: 'no', startAt: '2026-01-01T00:00:00.000Z' },
          ...{ endAt: null, services: [], updatedAt: '2026-01-31T00:00:00.000Z' },
        },
      ],
    ]);
  });

  it('are none for who ordered nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    expect((await business.orders(_id)).body).toEqual({
      items: [],
      totals: {
        ...{ orders: 0, visits: 0, cancelled: 0, spend: [] },
        ...{ firstOrderAt: null, lastOrderAt: null, firstVisitAt: null, lastVisitAt: null },
      },
      favourites: { services: [], specialists: [] },
    });
  });

  it('come newest first, each once, in pages of any size, however many start at the same time', async () => {
    const business = aBusiness();
    const starts = Array.from({ length: 25 }, (_, index) => ({ startAt: hour(Math.floor(index / 6)) }));
    const { _id, orderIds } = await aCustomerWith(business, starts);
    const newestFirst = [...orderIds].reverse();
    expect(idsIn(await business.orders(_id, { pageSize: '200' }))).toEqual(newestFirst);
    for (const pageSize of ['1', '4', '6', '24', '25']) {
      const pages = await walk(business, _id, { pageSize });
      expect(pages.flat()).toEqual(newestFirst);
      expect(pages).toHaveLength(Math.ceil(25 / Number(pageSize)));
    }
  });

  it('are twenty a page if nothing is said', async () => {
    const business = aBusiness();
    const orders = Array.from({ length: 21 }, (_, index) => ({ startAt: hour(index) }));
    const { _id } = await aCustomerWith(business, orders);
    const { body } = await business.orders(_id);
    expect([body.items.length, typeof body.nextCursor]).toEqual([20, 'string']);
  });

  it('are chosen by their status and their start: not before, and before', async () => {
    const business = aBusiness();
    const statuses = ['done', 'cancelled', 'done', 'new-word', 'done'];
    const { _id, orderIds } = await aCustomerWith(
      business,
      statuses.map((status, index) => ({ status, startAt: hour(index) })),
    );
    const chosen = async (query: Record<string, string>) =>
      idsIn(await business.orders(_id, query)).map((id) => orderIds.indexOf(id));
    expect(await chosen({ status: 'done' })).toEqual([4, 2, 0]);
    expect(await chosen({ status: 'new-word' })).toEqual([3]);
    expect(await chosen({ status: 'unheard-of' })).toEqual([]);
    expect(await chosen({ from: '2026-01-01T02:00:00.000Z' })).toEqual([4, 3, 2]);
    expect(await chosen({ to: '2026-01-01T02:00:00.000Z' })).toEqual([1, 0]);
    expect(await chosen({ from: '2026-01-01T02:00:00+01:00', to: '2026-01-01T03:00:00Z' })).toEqual([2, 1]);
    const query = { status: 'done', to: '2026-01-01T04:00:00.000Z', pageSize: '1' };
    expect((await walk(business, _id, query)).flat().map((id) => orderIds.indexOf(id))).toEqual([2, 0]);
  });

  it('are not those that name the customer no longer', async () => {
    const business = aBusiness();
    const { _id, orderIds } = await aCustomerWith(business, [
      { startAt: hour(1), counts: 'no', left: true },
      { startAt: hour(2) },
    ]);
    expect(idsIn(await business.orders(_id))).toEqual([orderIds[1]]);
  });

  it('are no payments, and nothing of another customer or business', async () => {
    const [business, stranger] = [aBusiness(), aBusiness()];
    const { _id } = await aCustomerWith(business, []);
    await aCustomerWith(business, [{ startAt: hour(1) }]);
    await store(service, { business, customerId: _id }, 'payment', [{ startAt: hour(1) }]);
    await store(service, { business: stranger, customerId: _id }, 'order', [{ startAt: hour(1) }]);
    expect(idsIn(await business.orders(_id))).toEqual([]);
  });
});

describe('the first page of orders', () => {
  const TOTALS = { orderCount: 3, visitCount: 2, cancelledCount: 1 };

  it('has what all of them amount to, whatever the filters are; later pages have not', async () => {
    const business = aBusiness();
    const { _id } = await aCustomerWith(business, [{ startAt: hour(1) }, { startAt: hour(2) }]);
    await setTotals(service, _id, {
      ...TOTALS,
      ...{ firstOrderAt: hour(1), lastOrderAt: hour(9), firstVisitAt: hour(2), lastVisitAt: hour(3) },
      spend: [
        { currency: 'JPY', paid: 500, refunded: 0, payments: 1 },
        { currency: 'PLN', paid: 1_250, refunded: 250, payments: 2 },
      ],
    });
    const { body } = await business.orders(_id, { pageSize: '1', from: '2026-01-01T00:00:00Z' });
    expect(body.totals).toEqual({
      ...{ orders: 3, visits: 2, cancelled: 1 },
      ...{ firstOrderAt: '2026-01-01T01:00:00.000Z', lastOrderAt: '2026-01-01T09:00:00.000Z' },
      ...{ firstVisitAt: '2026-01-01T02:00:00.000Z', lastVisitAt: '2026-01-01T03:00:00.000Z' },
      spend: [
        { currency: 'JPY', paid: 500, refunded: 0, payments: 1 },
        { currency: 'PLN', paid: 12.5, refunded: 2.5, payments: 2 },
      ],
    });
    const query = { pageSize: '1', from: '2026-01-01T00:00:00Z', cursor: body.nextCursor };
    const second = await business.orders(_id, query);
    expect(Object.keys(second.body)).toEqual(['items']);
  });

  it('has the services and specialists that most orders had which were not cancelled', async () => {
    const business = aBusiness();
    const { _id } = await aCustomerWith(business, [
      { startAt: hour(1), services: [aLine(CUT, ANNA)] },
      { startAt: hour(2), services: [aLine(DYE, BEN), aLine(CUT, BEN)], counts: 'booked' },
      ...[3, 4, 5].map((at) => ({ startAt: hour(at), services: [aLine(DYE, BEN)], counts: 'cancelled' })),
    ]);
    expect((await business.orders(_id)).body.favourites).toEqual({
      services: [
        { serviceId: CUT, orders: 2 },
        { serviceId: DYE, orders: 1 },
      ],
      specialists: [
        { specialistId: BEN, orders: 1 },
        { specialistId: ANNA, orders: 1 },
      ],
    });
  });

  it('makes favourites of the last 500 orders that were not cancelled', async () => {
    const business = aBusiness();
    const { _id } = await aCustomerWith(business, [
      ...Array.from({ length: 499 }, (_, index) => ({
        startAt: hour(1_000 + index),
        services: [aLine(CUT)],
      })),
      { startAt: hour(999), services: [aLine(DYE)] },
      { startAt: hour(998), services: [aLine(DYE)] },
    ]);
    expect((await business.orders(_id)).body.favourites.services).toEqual([
      { serviceId: CUT, orders: 499 },
      { serviceId: DYE, orders: 1 },
    ]);
  });
});

describe('the orders of a survivor', () => {
  it('are its own and those of its losers, in one order, by each of the ids', async () => {
    const business = aBusiness();
    const [survivor, loser, older] = [
      await aCustomerWith(business, [{ startAt: hour(1) }, { startAt: hour(4) }, { startAt: hour(6) }]),
      await aCustomerWith(business, [{ startAt: hour(2) }, { startAt: hour(4) }]),
      await aCustomerWith(business, [{ startAt: hour(3), services: [aLine(CUT)] }]),
    ];
    await business.merge(loser._id, { loserId: older._id });
    await business.merge(survivor._id, { loserId: loser._id });
    const [s, l, o] = [survivor.orderIds, loser.orderIds, older.orderIds];
    const all = [s[2], l[1], s[1], o[0], l[0], s[0]];
    for (const id of [survivor._id, loser._id, older._id]) {
      for (const pageSize of ['1', '2', '4', '6'])
        expect((await walk(business, id, { pageSize })).flat()).toEqual(all);
      expect((await business.orders(id)).body.favourites.services).toEqual([{ serviceId: CUT, orders: 1 }]);
    }
  });

  it('are its own again after an unmerge', async () => {
    const business = aBusiness();
    const [survivor, loser] = [
      await aCustomerWith(business, [{ startAt: hour(1) }]),
      await aCustomerWith(business, [{ startAt: hour(2) }]),
    ];
    await business.merge(survivor._id, { loserId: loser._id });
    await business.unmerge(survivor._id, { loserId: loser._id });
    for (const { _id, orderIds } of [survivor, loser])
      expect(idsIn(await business.orders(_id))).toEqual(orderIds);
  });
});

describe('what is refused', () => {
  it.each([
    ['a moment that is none', { from: 'yesterday' }, 'from'],
    ['a day', { to: '2026-01-01' }, 'to'],
    ['201 orders a page', { pageSize: '201' }, 'pageSize'],
    ['a cursor that is none', { cursor: '?' }, 'cursor'],
  ])('400 for %s', async (_what, query, name) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { body } = await expectRefused(service, () => business.orders(_id, query), [
      400,
      'invalid-request',
    ]);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: `#/${name}` }]);
  });

  it('400 for the cursor of another customer, and of other filters', async () => {
    const business = aBusiness();
    const { _id } = await aCustomerWith(business, [{ startAt: hour(1) }, { startAt: hour(2) }]);
    const { _id: other } = await added(business);
    const { nextCursor: cursor } = (await business.orders(_id, { pageSize: '1' })).body;
    for (const ask of [
      () => business.orders(other, { cursor }),
      () => business.orders(_id, { cursor, status: 'done' }),
      () => business.payments(_id, { cursor }),
    ])
      await expectRefused(service, ask, [400, 'invalid-request']);
  });

  it('404 for an unknown id and for one of another business, with equal answers', async () => {
    const business = aBusiness();
    const { _id: foreign } = await aCustomerWith(aBusiness(), [{ startAt: hour(1) }]);
    for (const ask of [business.orders, business.payments]) {
      const answers = [aBusinessId(), foreign].map(async (id) => {
        const { body } = await expectRefused(service, () => ask(id), [404, 'customer-not-found']);
        return { ...body, instance: '' };
      });
      const [unknown, ofAnother] = await Promise.all(answers);
      expect(ofAnother).toEqual(unknown);
    }
  });
});
