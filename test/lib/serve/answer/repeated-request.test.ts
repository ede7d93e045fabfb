import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { GATEWAY_ID, useService } from '#test/support/service.ts';
import { countIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('idempotency');
const aKey = () => ({ headers: { 'idempotency-key': randomUUID() } });

describe('Idempotency-Key on a POST', () => {
  it('makes the first answer come again, byte for byte, with its headers', async () => {
    const business = aBusiness();
    const [draft, key] = [aCustomer(), aKey()];
    const first = await business.create(draft, key);
    const again = await expectNothingWritten(service, () => business.create(draft, key));
    expect([again.status, again.text]).toEqual([201, first.text]);
    const { 'x-request-id': ownId, ...headers } = again.headers;
    const { 'x-request-id': firstId, ...firstHeaders } = first.headers;
    expect(headers).toEqual({ ...firstHeaders, 'idempotent-replayed': 'true' });
    expect(ownId).toMatch(GATEWAY_ID);
    expect(ownId).not.toBe(firstId);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
  });

  it('makes it come again whatever happened to the customer since', async () => {
    const business = aBusiness();
    const [draft, key] = [aCustomer(), aKey()];
    const first = await business.create(draft, key);
    await business.change(first.body._id, { note: 'changed since' });
    expect((await business.create(draft, key)).text).toBe(first.text);
  });

  it('answers 422 to another body, and to another path', async () => {
    const business = aBusiness();
    const key = aKey();
    const one = await added(business, { state: 'deleted' });
    const other = await added(business, { state: 'deleted' });
    await business.restore(one._id, key);
    await expectRefused(service, () => business.restore(other._id, key), [422, 'idempotency-key-reused']);
    const createKey = aKey();
    await business.create(aCustomer(), createKey);
    const request = () => business.create(aCustomer(), createKey);
    await expectRefused(service, request, [422, 'idempotency-key-reused']);
  });

  it('belongs to one business, one route and one caller', async () => {
    const business = aBusiness();
    const key = aKey();
    const { _id } = await added(business, { state: 'deleted' });
    expect((await business.create(aCustomer(), key)).status).toBe(201);
    expect((await business.create(aCustomer(), { ...key, actor: 'user-2' })).status).toBe(201);
    expect((await aBusiness().create(aCustomer(), key)).status).toBe(201);
    expect((await business.restore(_id, key)).status).toBe(200);
  });

  it('does not record a refusal: it is computed again', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    const [draft, key] = [aCustomer({ email }), aKey()];
    await expectRefused(service, () => business.create(draft, key), [409, 'duplicate-email']);
    await business.delete(_id);
    expect((await business.create(draft, key)).status).toBe(201);
  });

  it('does not record an answer that changed nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const key = aKey();
    await expectNothingWritten(service, () => business.restore(_id, key));
    await business.delete(_id);
    const restored = await business.restore(_id, key);
    expect(restored.headers).not.toHaveProperty('idempotent-replayed');
    expect(restored.body.state).toBe('active');
  });

  it('does not look at a body that the route does not read', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.delete(_id);
    const restore = (body: string) =>
      business.restore(_id, { body, headers: { 'idempotency-key': 'bodyless' } });
    const first = await restore('x'.repeat(100_000));
    expect(first.status).toBe(200);
    expect((await restore('{}')).text).toBe(first.text);
  });

  it('takes 255 characters of any kind, and 400 for one more', async () => {
    const business = aBusiness();
    const named = (key: string) => ({ headers: { 'idempotency-key': key } });
    expect((await business.create(aCustomer(), named('ż'.repeat(255)))).status).toBe(201);
    const request = () => business.create(aCustomer(), named('k'.repeat(256)));
    const answer = await expectRefused(service, request, [400, 'invalid-request']);
    expect(answer.body.errors).toMatchObject([{ in: 'header', pointer: '#/idempotency-key' }]);
  });

  it('is ignored on other methods, and when it is empty', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const before = await countIn(service, 'idempotency');
    await business.change(_id, { note: 'a' }, aKey());
    await business.create(aCustomer(), { headers: { 'idempotency-key': '' } });
    expect(await countIn(service, 'idempotency')).toBe(before);
  });

  it('keeps nothing in clear, for 24 hours', async () => {
    const business = aBusiness();
    const draft = aCustomer();
    const before = new Set(
      (await documentsIn(service, 'idempotency', {})).map(({ _id }) => _id.toString('hex')),
    );
    await business.create(draft, { headers: { 'idempotency-key': 'a-canary-of-a-key' } });
    const stored = await documentsIn(service, 'idempotency', {});
    const record = stored.find(({ _id }) => !before.has(_id.toString('hex')));
    const bytes = Buffer.concat([record._id.buffer, record.payloadHash.buffer, record.answer.buffer]);
    for (const canary of ['canary', draft.email, draft.lastName]) expect(bytes.includes(canary)).toBe(false);
    const hours = (record.expiresAt.getTime() - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);
  });

  it('is forgotten when its time is over, though the database has not removed it yet', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const key = aKey();
    await business.delete(_id);
    await business.restore(_id, key);
    await business.delete(_id);
    const records = service.database.collection('idempotency');
    const before = await records.countDocuments();
    await records.updateMany({}, { $set: { expiresAt: new Date(0) } });
    const restored = await business.restore(_id, key);
    expect([restored.status, restored.body.state]).toEqual([200, 'active']);
    expect(await records.countDocuments()).toBe(before);
    const replayed = await expectNothingWritten(service, () => business.restore(_id, key));
    expect(replayed.text).toBe(restored.text);
    expect(replayed.headers).toHaveProperty('idempotent-replayed', 'true');
  });

  it('takes the place of an expired one once, when it comes five times at once', async () => {
    const business = aBusiness();
    const key = aKey();
    await business.create(aCustomer(), key);
    await service.database.collection('idempotency').updateMany({}, { $set: { expiresAt: new Date(0) } });
    const draft = aCustomer();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => business.create(draft, key)));
    const created = answers.filter(({ status }) => status === 201);
    expect(created.length).toBeGreaterThan(0);
    expect(new Set(created.map(({ text }) => text)).size).toBe(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect((await business.find({})).body.totalSize).toBe(2);
  });
});
