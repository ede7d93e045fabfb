import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCustomer } from '#test/support/a-customer.ts';
import { serveBundles, type Served } from '#test/support/served.ts';
import { startStallingProxy, type StallingProxy } from '#test/support/stalling-proxy.ts';
import { testDatabaseUri } from '#test/support/test-database.ts';

const path = '/api/v1/customer';

describe('a database that stops answering', () => {
  let served: Served;
  let proxy: StallingProxy;

  beforeAll(async () => {
    proxy = await startStallingProxy(testDatabaseUri('unavailable'));
    served = await serveBundles('unavailable', { uri: proxy.uri });
  }, 120_000);
  afterAll(async () => {
    proxy.resume();
    await served.stop();
    await proxy.stop();
  });

  it('is answered for by our own 503, before the platform gives up, and is forgiven when it is back', async () => {
    const { body: customer } = await served.request('POST', path, { body: aCustomer() });
    proxy.stall();
    const stalled = await Promise.all([
      served.request('GET', `${path}/${String(customer._id)}`),
      served.request('PUT', `${path}/${String(customer._id)}`, { body: { note: 'lost?' } }),
    ]);
    for (const answer of stalled) {
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ code: 'database-unavailable', statusCode: 503 });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    proxy.resume();
    const read = await served.request('GET', `${path}/${String(customer._id)}`);
    expect([read.status, read.body._id]).toEqual([200, customer._id]);
    const put = await served.request('PUT', `${path}/${String(customer._id)}`, { body: { note: 'saved' } });
    expect([put.status, put.body.note]).toEqual([200, 'saved']);
  }, 60_000);
});
