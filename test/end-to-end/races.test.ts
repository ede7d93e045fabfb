import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCustomer } from '#test/support/a-customer.ts';
import { type HttpAnswer, serveBundles, type Served } from '#test/support/served.ts';

const path = '/api/v1/customer';
const statusesOf = (answers: readonly HttpAnswer[]) => {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

describe('many at once, through the gateway', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serveBundles('races', { maxEnvironmentsPerFunction: 4 });
  }, 120_000);
  afterAll(() => served.stop());

  it('creates one of 100 equal customers and refuses 99 as duplicates', async () => {
    const body = aCustomer();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => served.request('POST', path, { body })),
    );
    expect(statusesOf(answers)).toEqual({ 201: 1, 409: 99 });
    const codes = new Set(answers.filter(({ status }) => status === 409).map(({ body: { code } }) => code));
    expect([...codes].every((code) => code === 'duplicate-email' || code === 'duplicate-phone')).toBe(true);
    expect(await served.database.collection('customer').countDocuments()).toBe(1);
  }, 60_000);

  it('lets one of 30 writers with the same ETag through and answers 412 to 29', async () => {
    const { body, headers } = await served.request('POST', path, { body: aCustomer() });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        served.request('PUT', `${path}/${String(body._id)}`, {
          body: { note: `writer ${String(index)}` },
          headers: { 'if-match': headers.get('etag') ?? '' },
        }),
      ),
    );
    expect(statusesOf(answers)).toEqual({ 200: 1, 412: 29 });
    const winner = answers.find(({ status }) => status === 200);
    expect((await served.request('GET', `${path}/${String(body._id)}`)).body).toEqual(winner?.body);
  }, 60_000);

  it('gives one effect and equal bytes to five sends of one idempotency key', async () => {
    const body = aCustomer();
    const before = await served.database.collection('customer').countDocuments();
    const settled = async (): Promise<HttpAnswer> => {
      for (;;) {
        const answer = await served.request('POST', path, {
          body,
          headers: { 'idempotency-key': 'pressed-twice' },
        });
        if (answer.status !== 409) return answer;
        expect(answer.headers.get('retry-after')).toBe('1');
      }
    };
    const answers = await Promise.all(Array.from({ length: 5 }, settled));
    expect(statusesOf(answers)).toEqual({ 201: 5 });
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await served.database.collection('customer').countDocuments()).toBe(before + 1);
  }, 60_000);
});
