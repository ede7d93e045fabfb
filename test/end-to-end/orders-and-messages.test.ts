import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCustomer } from '#test/support/a-customer.ts';
import { aCloudEvent } from '#test/support/queue-messages.ts';
import { serveBundles, type Served } from '#test/support/served.ts';

let served: Served;
beforeAll(async () => {
  served = await serveBundles('orders-and-messages');
}, 120_000);
afterAll(() => served.stop());

const CUSTOMER = '/api/v1/customer';
const ORDER_ID = '65c0ffee65c0ffee65c0ffee';
const PAYMENT_ID = '66c0ffee66c0ffee66c0ffee';
const VISITED = { segment: { visitsAtLeast: 1 }, channel: 'email' };
const MARKETING = { purpose: 'marketing', channel: 'email', source: 'desk', lawfulBasis: 'consent' };

const local = async (path: string, body?: unknown): Promise<any> => {
  const answer = await fetch(`${served.gateway.url}/_local/${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return await answer.json();
};
const until = async (look: () => Promise<any>, isRight: (found: any) => boolean): Promise<any> => {
  for (;;) {
    const found = await look();
    if (isRight(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const ask = async (method: string, path: string, body?: unknown): Promise<any> =>
  (await served.request(method, `${CUSTOMER}${path}`, body === undefined ? {} : { body })).body;

const tellOf = (source: string, time: string, data: object): Promise<any> =>
  local(
    'events',
    aCloudEvent({
      ...{ source, type: `${source}.changed.v1`, time, businessid: served.businessId },
      data,
    }),
  );
const orderOf = (customerId: string, status: string) => ({
  _id: ORDER_ID,
  status,
  services: [
    {
      status,
      serviceSnapshot: { _id: '67c0ffee67c0ffee67c0ffee' },
      orderAppointmentDetails: {
        ...{ start: '2026-11-20T10:00:00.000Z', end: '2026-11-20T11:00:00.000Z', specialists: [] },
        attendees: [{ customer: { _id: customerId } }],
      },
    },
  ],
});
/** The events about a customer that reached the bus, the oldest first. */
const toldOf = async (customerId: string): Promise<any[]> =>
  (await local('events?direction=out&limit=100'))
    .filter(({ detail }: any) => detail.subject === customerId)
    .reverse();

describe('the customer of an order', () => {
  it('is counted, found by a segment, written to, takes that back, is erased; the others hear of it', async () => {
    const { _id } = await ask('POST', '', aCustomer({ email: 'canary-visitor@example.com' }));
    await ask('PUT', `/${_id}/consents`, {
      consents: [{ ...MARKETING, granted: true, textVersion: 'newsletter-1' }],
    });
    expect((await ask('POST', '/recipients', VISITED)).total).toBe(0);

    await tellOf('beeoclock.order', '2026-11-20T11:05:00.000Z', orderOf(_id, 'done'));
    // Late, and so without effect.
    await tellOf('beeoclock.order', '2026-11-20T09:00:00.000Z', orderOf(_id, 'confirmed'));
    await tellOf('beeoclock.payment', '2026-11-20T11:06:00.000Z', {
      ...{ _id: PAYMENT_ID, orderId: ORDER_ID, payer: { _id }, status: 'succeeded' },
      ...{ amount: 120.5, currency: 'PLN', method: 'CASH' },
    });
    const orders = await until(
      () => ask('GET', `/${_id}/orders`),
      ({ totals }) => totals.visits === 1 && totals.spend.length === 1,
    );
    expect(orders.items).toMatchObject([{ orderId: ORDER_ID, status: 'done', counts: 'visit' }]);
    expect(orders.totals.spend).toEqual([{ currency: 'PLN', paid: 120.5, refunded: 0, payments: 1 }]);

    const { segmentId } = await ask('POST', '/segments', { name: 'Visitors', definition: VISITED.segment });
    const asked = { segmentId, channel: 'email' };
    const { items, total } = await ask('POST', '/recipients', asked);
    expect(total).toBe(1);
    expect(items).toMatchObject([{ _id, address: 'canary-visitor@example.com' }]);
    const link = `${served.gateway.url}${CUSTOMER}/unsubscribe?token=${items[0].unsubscribe}`;
    const unsubscribed = await fetch(link, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect([unsubscribed.status, await unsubscribed.json()]).toEqual([200, { unsubscribed: true }]);
    expect((await ask('POST', '/recipients', asked)).total).toBe(0);

    await ask('POST', `/${_id}/erase`, { reason: 'asked at the desk' });
    await until(
      () => ask('GET', `/erasures/${_id}`),
      ({ status }) => status === 'done',
    );
    const told = await until(
      () => toldOf(_id),
      (events) => events.some(({ detail }: any) => detail.type.endsWith('.erased.v1')),
    );
    expect(told.map(({ detail }: any) => detail.type)).toEqual(
      ['created', 'consent-changed', 'consent-changed', 'erased'].map(
        (type) => `beeoclock.customer.${type}.v1`,
      ),
    );
    const sequences = told.map(({ detail }: any) => detail.sequence);
    expect([...sequences].sort()).toEqual(sequences);

    // An order that comes after the erasure makes nobody.
    await tellOf('beeoclock.order', '2026-11-21T11:05:00.000Z', orderOf(_id, 'cancelled'));
    await until(
      () => local('queues'),
      (queues) => queues.every(({ waiting, inFlight }: any) => waiting + inFlight === 0),
    );
    expect((await served.request('GET', `${CUSTOMER}/${_id}`)).status).toBe(404);
    expect((await ask('GET', '/paged')).totalSize).toBe(0);
    expect((await local('queues')).every(({ dead }: any) => dead === 0)).toBe(true);
  }, 120_000);
});
