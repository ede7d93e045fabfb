import { describe, expect, it } from '@jest/globals';
import { OrderItem, OrderPage, toFavourites, toOrderItem, toOrderTotals } from '#lib/contract/orders-dto.ts';

const ID = 'a'.repeat(24);
const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));
const text = (number: number): string => day(number).toISOString();
const LISTED = {
  ...{ id: 'f'.repeat(24), orderId: ID, status: 'done', counts: 'visit' as const },
  ...{ startAt: day(1), endAt: day(2), updatedAt: day(3) },
  services: [{ serviceId: ID, specialistIds: ['b'.repeat(24)], status: 'ready', startAt: day(1) }],
};
const SERVICE = { serviceId: ID, specialistIds: ['b'.repeat(24)], status: 'ready', startAt: text(1) };
const ITEM = {
  ...{ orderId: ID, status: 'done', counts: 'visit', startAt: text(1), endAt: text(2) },
  ...{ services: [SERVICE], updatedAt: text(3) },
};
const TOTALS = {
  ...{ orders: 3, visits: 2, cancelled: 1 },
  ...{ firstOrderAt: text(1), lastOrderAt: text(4), firstVisitAt: text(2), lastVisitAt: text(3) },
  spend: [{ currency: 'PLN', paid: 12.5, refunded: 2.5, payments: 2 }],
};
const FAVOURITES = {
  services: [{ serviceId: ID, orders: 2 }],
  specialists: [{ specialistId: 'b'.repeat(24), orders: 1 }],
};
const PAGE = { items: [ITEM], totals: TOTALS, favourites: FAVOURITES, nextCursor: 'more' };

describe('an order', () => {
  it('is answered with its times, and null where one is not known', () => {
    expect(toOrderItem(LISTED)).toStrictEqual(ITEM);
    const services = [{ ...LISTED.services[0]!, serviceId: null, startAt: null }];
    expect(toOrderItem({ ...LISTED, endAt: null, services })).toStrictEqual({
      ...ITEM,
      endAt: null,
      services: [{ ...SERVICE, serviceId: null, startAt: null }],
    });
  });

  it('has no other way to count', () => {
    for (const counts of ['booked', 'visit', 'cancelled', 'no'])
      expect(OrderItem.safeParse({ ...ITEM, counts }).success).toBe(true);
    expect(OrderItem.safeParse({ ...ITEM, counts: 'paid' }).success).toBe(false);
  });
});

describe('what orders amount to', () => {
  it('is answered with the first and the last of orders and of visits', () => {
    const summary = {
      ...{ orderCount: 3, visitCount: 2, cancelledCount: 1 },
      ...{ firstOrderAt: day(1), lastOrderAt: day(4), firstVisitAt: day(2), lastVisitAt: day(3) },
      spend: [{ currency: 'PLN', paid: 1_250, refunded: 250, payments: 2 }],
    };
    expect(toOrderTotals(summary)).toStrictEqual(TOTALS);
    const none = { firstOrderAt: null, lastOrderAt: null, firstVisitAt: null, lastVisitAt: null };
    expect(toOrderTotals({ ...summary, ...none, spend: [] })).toStrictEqual({
      ...TOTALS,
      ...none,
      spend: [],
    });
  });

  it('has favourites with the number of orders of each', () => {
    const favourites = {
      services: [{ id: ID, count: 2 }],
      specialists: [{ id: 'b'.repeat(24), count: 1 }],
    };
    expect(toFavourites(favourites)).toStrictEqual(FAVOURITES);
  });
});

describe('a page of orders', () => {
  /** The page with something else at a place. */
  const withAt = (path: readonly (string | number)[], value: unknown): unknown => {
    const changed = structuredClone(PAGE) as any;
    const parent = path.slice(0, -1).reduce((at, step) => at[step], changed);
    parent[path.at(-1)!] = value;
    return changed;
  };
  const PARTS: readonly (readonly [(string | number)[], object])[] = [
    [['items', 0], ITEM],
    [['items', 0, 'services', 0], SERVICE],
    [['totals'], TOTALS],
    [['favourites'], FAVOURITES],
    [['favourites', 'services', 0], FAVOURITES.services[0]!],
    [['favourites', 'specialists', 0], FAVOURITES.specialists[0]!],
  ];

  it.each(PARTS)('has each field at %j, and no other', (path, part) => {
    expect(OrderPage.parse(withAt([...path, 'secret'], 1))).toStrictEqual(PAGE);
    for (const name of Object.keys(part))
      expect(OrderPage.safeParse(withAt([...path, name], undefined)).success).toBe(false);
  });

  it('has totals and favourites on the first page only', () => {
    expect(OrderPage.parse({ items: [], secret: 1 })).toStrictEqual({ items: [] });
    expect(OrderPage.safeParse({}).success).toBe(false);
  });
});
