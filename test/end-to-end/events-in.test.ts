import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCustomer } from '#test/support/a-customer.ts';
import { aCloudEvent } from '#test/support/queue-messages.ts';
import { serveBundles, type Served } from '#test/support/served.ts';

let served: Served;
const lines: string[] = [];

beforeAll(async () => {
  served = await serveBundles('events-in', { log: (_name, line) => lines.push(line) });
}, 120_000);
afterAll(() => served.stop());

const local = async (path: string, body?: unknown): Promise<any> => {
  const answer = await fetch(`${served.gateway.url}/_local/${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return await answer.json();
};
const until = async <T>(look: () => Promise<T>, isRight: (found: T) => boolean): Promise<T> => {
  for (;;) {
    const found = await look();
    if (isRight(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const confirmation = (erasureId: string) =>
  aCloudEvent({
    source: 'example.invoices',
    type: 'beeoclock.customer.erasure-confirmed.v1',
    time: '2026-11-29T08:00:00.000Z',
    businessid: served.businessId,
    data: { erasureId },
  });
const erase = async (): Promise<string> => {
  const { body } = await served.request('POST', '/api/v1/customer', { body: aCustomer() });
  const erased = await served.request('POST', `/api/v1/customer/${body._id}/erase`, {
    body: { reason: 'asked by letter' },
  });
  expect([200, 202]).toContain(erased.status);
  return body._id;
};
const confirmedBy = async (id: string): Promise<unknown[]> =>
  (await served.request('GET', `/api/v1/customer/erasures/${id}`)).body.confirmedBy;
const queue = async () =>
  (await local('queues')).find(({ name }: any) => name === 'CustomerManagement-confirm-erasure-events');

describe('an event of another service', () => {
  it('has its effect through the deployed bundle, its role and its queue, and is in the access log', async () => {
    const id = await erase();
    const event = confirmation(id);
    expect(await local('events', event)).toEqual({ ids: [event['id']] });
    expect(
      await until(
        () => confirmedBy(id),
        (found) => found.length > 0,
      ),
    ).toEqual([{ service: 'example.invoices', at: '2026-11-29T08:00:00.000Z' }]);
    expect((await local('events?direction=in&limit=1'))[0]).toMatchObject({
      detail: event,
      rules: ['CustomerManagement-confirm-erasure'],
    });
    await until(queue, ({ waiting, inFlight }) => waiting + inFlight === 0);
    const kept = await until(
      () => Promise.resolve(lines.filter((line) => line.includes('"event:example.invoices"'))),
      (found) => found.length >= 2,
    );
    // Once in the log of the function, and once in the access log that it is copied to.
    expect(kept).toHaveLength(2);
    expect(kept[0]).toBe(kept[1]);
  });

  it('that is wrong is a dead letter after five receives, with its ids in the log and nothing of its data', async () => {
    const event = confirmation('canary-that-is-no-id');
    await local('events', event);
    await until(queue, ({ waiting, inFlight, dead }) => waiting + inFlight === 0 && dead === 1);
    const failures = lines.filter((line) => line.includes('"event-failed"')).map((line) => JSON.parse(line));
    expect(failures.map(({ receives }) => receives)).toEqual([1, 2, 3, 4, 5]);
    for (const failure of failures)
      expect(failure).toMatchObject({
        code: 'invalid-data',
        place: 'erasureId',
        eventId: event['id'],
        businessId: served.businessId,
      });
    expect(lines.join('\n')).not.toContain('canary-that');
  }, 60_000);
});
