import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, type Call, useService } from '#test/support/service.ts';
import { countIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('change-customer');

describe('PUT /api/v1/customer/{id}', () => {
  it('sets the fields that are there and leaves the others', async () => {
    const business = aBusiness();
    const before = await added(business);
    const { status, body, headers } = await business.change(before._id, { firstName: 'Ola', note: null });
    expect(status).toBe(200);
    expect(headers['etag']).toBe('"1"');
    expect(body).toEqual({
      ...before,
      firstName: 'Ola',
      note: null,
      _version: '1',
      updatedAt: expect.any(String),
    });
    expect((await business.get(before._id)).body).toEqual(body);
  });

  it('takes a whole customer sent back, its _id and system fields ignored', async () => {
    const business = aBusiness();
    const before = await added(business);
    const sentBack = { ...before, _id: aBusinessId(), syncedAt: 'now', active: true, lastName: 'Nowak' };
    expect((await business.change(before._id, sentBack)).body).toMatchObject({
      _id: before._id,
      lastName: 'Nowak',
      createdAt: before.createdAt,
    });
  });

  it('changes nothing, not even the version, when nothing differs', async () => {
    const business = aBusiness();
    const before = await added(business);
    const { status, body } = await expectNothingWritten(service, () =>
      business.change(before._id, {
        ...before,
        phone: `${before.phone.slice(0, 2)} (${before.phone.slice(2, 5)}) ${before.phone.slice(5)}`,
      }),
    );
    expect([status, body]).toEqual([200, before]);
  });

  it('is found by its new fields and no longer by its old ones', async () => {
    const business = aBusiness();
    const before = await added(business);
    const email = 'new.name@b.example';
    await business.change(before._id, { email });
    expect((await business.lookUp({ email })).body._id).toBe(before._id);
    expect((await business.lookUp({ email: before.email })).status).toBe(404);
    expect((await business.find({ phrase: before.email })).body.totalSize).toBe(0);
  });

  it.each([
    ['Anna.com as email', { email: 'Anna.com' }, 'invalid-request', '#/email'],
    ['a phone of 48 and three digits', { phone: '48123' }, 'invalid-request', '#/phone'],
    ['a regular customer left without email', { email: '' }, 'invalid-request', '#/email'],
    ['an unknown field', { nick: 'a' }, 'unknown-field', '#/nick'],
    ['an unknown state', { state: 'lost' }, 'invalid-request', '#/state'],
    ['a note too long', { note: 'x'.repeat(20_001) }, 'invalid-request', '#/note'],
  ])('answers 400 for %s', async (_what, body, code, pointer) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const answer = await expectRefused(service, () => business.change(_id, body), [400, code]);
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer }]);
  });

  it('takes a phone of 380 and nine digits', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    expect((await business.change(_id, { phone: '+380 501234567' })).body.phone).toBe('+380501234567');
  });

  it.each([
    ['email', 'duplicate-email'],
    ['phone', 'duplicate-phone'],
  ])('answers 409 duplicate for the %s of another live customer', async (field, code) => {
    const business = aBusiness();
    const other = await added(business);
    const { _id } = await added(business);
    const request = () => business.change(_id, { [field]: other[field] });
    const answer = await expectRefused(service, request, [409, code]);
    expect(answer.body.existing).toEqual({ _id: other._id, state: 'active' });
  });

  it('frees an email for others when it is given up', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    await business.change(_id, { email: 'other@b.example' });
    expect((await business.create(aCustomer({ email }))).status).toBe(201);
  });

  it('adds a note to a customer that a rule of today would refuse', async () => {
    const business = aBusiness();
    await business.chooseSettings({ regularRequires: 'email-or-phone' });
    const { _id } = await added(business, { phone: null });
    await business.chooseSettings({ regularRequires: 'email-and-phone' });
    expect((await business.change(_id, { note: 'still possible' })).status).toBe(200);
  });

  it.each([
    ['an unknown id', () => aBusinessId()],
    ['another business’s customer', async () => (await added(aBusiness()))._id],
  ])('answers 404 for %s', async (_what, idOf) => {
    const id = await idOf();
    const answer = () => aBusiness().change(id, { note: 'x' });
    await expectRefused(service, answer, [404, 'customer-not-found']);
  });

  it.each([
    ['an unknown field', { nick: 'a' }],
    ['a note that is no text', { note: 7 }],
    ['an email that is none', { email: 'Anna.com' }],
    ['an illegal history', { stateHistory: [{ state: 'archived', setAt: 'never' }] }],
  ])('answers 404 to an unknown id before it judges %s, also in a bulk', async (_what, body) => {
    for (const id of [aBusinessId(), (await added(aBusiness()))._id]) {
      const business = aBusiness();
      await expectRefused(service, () => business.change(id, body), [404, 'customer-not-found']);
      const { body: bulk } = await business.bulk([{ change: { _id: id, ...body, nick: 'a' } }]);
      expect(bulk.results[0]).toMatchObject({ status: 404, error: { code: 'customer-not-found' } });
    }
  });

  it('answers 404 to an unknown id before it judges JSON, media type, size and If-Match', async () => {
    const business = aBusiness();
    const known = (await added(business))._id;
    const calls: [Call, number][] = [
      [{ body: '{"note":' }, 400],
      [{ body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
      [{ body: { note: 'x'.repeat(2 ** 20) } }, 413],
      [{ body: { note: 'x' }, headers: { 'if-match': 'none' } }, 400],
    ];
    for (const [request, status] of calls) {
      const ask = (id: string) => business.change(id, request.body, request);
      expect((await ask(known)).status).toBe(status);
      await expectRefused(service, () => ask(aBusinessId()), [404, 'customer-not-found']);
    }
  });

  it('tells a role that may not change customers nothing about an id', async () => {
    const { _id } = await added(aBusiness());
    const request = () => aBusiness().as({ role: 'SUPPORT' }).change(_id, { nick: 'a' });
    await expectRefused(service, request, [403, 'not-permitted']);
  });

  it('answers 400 for what is no id', async () => {
    const answer = () => aBusiness().change('xyz', { note: 'x' });
    await expectRefused(service, answer, [400, 'invalid-request']);
  });
});

describe('PUT /api/v1/customer/{id} with If-Match', () => {
  const naming = (tag: string) => ({ headers: { 'if-match': tag } });

  it('accepts the version that its author saw, alone or in a list', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    expect((await business.change(_id, { note: 'a' }, naming('"0"'))).status).toBe(200);
    expect((await business.change(_id, { note: 'b' }, naming('"7", "1"'))).status).toBe(200);
    expect((await business.change(_id, { note: 'c' }, naming('*'))).status).toBe(200);
  });

  it.each(['"1"', 'W/"0"', '"other"'])('answers 412 with the current ETag to %s', async (tag) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const request = () => business.change(_id, { note: 'a' }, naming(tag));
    const answer = await expectRefused(service, request, [412, 'stale-version']);
    expect(answer.headers['etag']).toBe('"0"');
  });

  it('answers 400 to what is no ETag', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const request = () => business.change(_id, { note: 'a' }, naming('0'));
    await expectRefused(service, request, [400, 'invalid-request']);
  });
});

describe('PUT /api/v1/customer/{id} leaves behind', () => {
  it('the names of what changed in the audit, and an event', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { body } = await business.change(_id, { firstName: 'Ola', email: 'o@b.example' });
    const [, entry] = await documentsIn(service, 'customer_audit', { customerId: _id });
    expect(entry).toMatchObject({
      seq: 2,
      action: 'change-customer',
      fields: ['firstName', 'email'],
      from: null,
      to: null,
    });
    const [, event] = await documentsIn(service, 'outbox', { customerId: _id });
    expect(event).toMatchObject({ type: 'customer-changed', version: 1, state: 'active' });
    expect(event.at).toEqual(new Date(body.updatedAt));
    expect(await countIn(service, 'outbox', { customerId: _id })).toBe(2);
  });
});
