import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, GATEWAY_ID, useService } from '#test/support/service.ts';

const service = useService('get-customer');

describe('GET /api/v1/customer/{id}', () => {
  it('answers the customer with its ETag, whatever the letter case of the id', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const { status, headers, body } = await business.get(customer._id.toUpperCase());
    expect([status, headers['etag'], body]).toEqual([200, '"0"', customer]);
  });

  it('answers a deleted customer', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { state: 'deleted' });
    expect((await business.get(_id)).body.state).toBe('deleted');
  });

  it('is never cached', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    expect((await business.get(_id)).headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });

  it('answers 404 with a body for an unknown id', async () => {
    const request = () => aBusiness().get(aBusinessId());
    await expectRefused(service, request, [404, 'customer-not-found']);
  });

  it('answers the same, instance apart, for another business’s customer', async () => {
    const foreign = await added(aBusiness());
    const business = aBusiness();
    const unknown = await business.get(aBusinessId());
    const answer = await business.get(foreign._id);
    expect({ ...answer.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
    const { 'x-request-id': id, ...headers } = answer.headers;
    const { 'x-request-id': _other, ...unknownHeaders } = unknown.headers;
    expect(id).toMatch(GATEWAY_ID);
    expect([answer.status, headers]).toEqual([unknown.status, unknownHeaders]);
  });

  it.each(['abc', '5f1d7f3a9c3b4e2d8a6c1b0', 'g'.repeat(24), ' '.repeat(24), '5f1d7f3a9c3b4e2d8a6c1b0a0'])(
    'answers 400 for %j, which is no id',
    async (id) => {
      const answer = await expectRefused(service, () => aBusiness().get(id), [400, 'invalid-request']);
      expect(answer.body.errors).toMatchObject([{ in: 'path', pointer: '#/id' }]);
    },
  );
});
