import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentIn } from '#test/support/stored.ts';

const service = useService('create-customer');
const INVALID = [400, 'invalid-request'] as const;

describe('POST /api/v1/customer', () => {
  it('answers 201 with the customer, its ETag and its Location', async () => {
    const draft = aCustomer();
    const { status, headers, body } = await aBusiness().create(draft);
    expect(status).toBe(201);
    expect(headers).toMatchObject({ etag: '"0"', location: `/api/v1/customer/${body._id}` });
    expect(body).toEqual({
      ...draft,
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      object: 'CustomerDto',
      _version: '0',
      state: 'active',
      stateHistory: [{ state: 'active', setAt: body.createdAt }],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: body.createdAt,
    });
  });

  it('answers what can be read at once', async () => {
    const business = aBusiness();
    const customer = await added(business);
    expect((await business.get(customer._id)).body).toEqual(customer);
  });

  it('takes the id that an offline client made, in lower case', async () => {
    const id = aBusinessId();
    const { body } = await aBusiness().create(aCustomer({ _id: id.toUpperCase() }));
    expect(body._id).toBe(id);
  });

  it('keeps an email’s letter case, a phone’s digits and a note as it is', async () => {
    const given = { email: 'Ada.LOVELACE@Example.COM', phone: '+48 (512) 345-678', note: ' two  spaces ' };
    const customer = await added(aBusiness(), given);
    expect(customer).toMatchObject({ ...given, phone: '+48512345678' });
  });

  it('makes blank texts null and trims names, email and phone', async () => {
    const given = { firstName: '  ', lastName: ' Nowak ', email: ' a@b.example ', note: '\n' };
    const customer = await added(aBusiness(), given);
    expect(customer).toMatchObject({
      firstName: null,
      lastName: 'Nowak',
      email: 'a@b.example',
      note: null,
    });
  });

  it('makes a customer regular unless told otherwise', async () => {
    expect((await added(aBusiness(), { customerType: undefined })).customerType).toBe('regular');
  });

  it('ignores the fields that clients only send back', async () => {
    const sentBack = {
      object: 'Other',
      _version: '77',
      createdAt: '2001-01-01T00:00:00.000Z',
      updatedAt: 5,
      syncedAt: null,
      syncErrors: [{ any: 'thing' }],
      active: false,
    };
    const customer = await added(aBusiness(), sentBack);
    expect(customer).toMatchObject({ object: 'CustomerDto', _version: '0', state: 'active' });
    expect(customer.createdAt).not.toBe(sentBack.createdAt);
  });

  it.each(['firstName', 'lastName', 'email', 'phone'])(
    'takes an unregistered customer of whom only the %s is known',
    async (known) => {
      const nothing = { firstName: null, lastName: null, email: null, phone: null, note: null };
      const draft = { ...aCustomer(nothing), [known]: aCustomer()[known as 'email'] };
      expect((await aBusiness().create({ ...draft, customerType: 'unregistered' })).status).toBe(201);
    },
  );

  it('takes an anonymous customer of whom nothing is known', async () => {
    expect((await aBusiness().create({ customerType: 'anonymous' })).status).toBe(201);
  });

  it.each([
    ['an unknown field', { nickname: 'A' }, 'unknown-field', ['#/nickname']],
    ['a regular customer without email', { email: null }, 'invalid-request', ['#/email']],
    ['a regular customer without phone', { phone: '' }, 'invalid-request', ['#/phone']],
    [
      'a regular customer without both, with both findings at once',
      { email: '', phone: null },
      'invalid-request',
      ['#/email', '#/phone'],
    ],
    [
      'nobody at all',
      { firstName: ' ', lastName: null, email: null, phone: null, customerType: 'new' },
      'invalid-request',
      ['#'],
    ],
    ['an email without a domain', { email: 'anna' }, 'invalid-request', ['#/email']],
    ['a phone too short for any country', { phone: '48123' }, 'invalid-request', ['#/phone']],
    ['a phone of 16 digits', { phone: '1234567890123456' }, 'invalid-request', ['#/phone']],
    ['a first name of 51 characters', { firstName: 'a'.repeat(51) }, 'invalid-request', ['#/firstName']],
    ['a last name of 51 characters', { lastName: 'a'.repeat(51) }, 'invalid-request', ['#/lastName']],
    [
      'an email of 255 characters',
      { email: `${'a'.repeat(243)}@example.com` },
      'invalid-request',
      ['#/email'],
    ],
    ['a note of 20,001 characters', { note: 'a'.repeat(20_001) }, 'invalid-request', ['#/note']],
    ['an unknown type', { customerType: 'vip' }, 'invalid-request', ['#/customerType']],
    ['an unknown state', { state: 'gone' }, 'invalid-request', ['#/state']],
    ['an _id that is no id', { _id: 'abc' }, 'invalid-request', ['#/_id']],
    [
      'a history that does not end in the state',
      { state: 'archived', stateHistory: [{ state: 'active', setAt: '2026-02-01T00:00:00.000Z' }] },
      'invalid-request',
      ['#/state'],
    ],
  ])('answers 400 for %s', async (_what, wrong, code, pointers) => {
    const answer = await expectRefused(service, () => aBusiness().create(aCustomer(wrong)), [400, code]);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(pointers);
  });

  it.each([
    [
      '#/firstName',
      { firstName: `  ${'a'.repeat(30)}   ${'z\u0307'.repeat(30)}  ` },
      'This must have at most 50 characters. It has 61.',
    ],
    [
      '#/note',
      { note: `  ${'a'.repeat(20_000)}z\u0307 ` },
      'This must have at most 20000 characters. It has 20001.',
    ],
  ])(
    'says the limit and the length of a %s that is too long, measured after cleaning, as PUT, PATCH and a bulk do',
    async (pointer, tooLong, message) => {
      const business = aBusiness();
      const { _id } = await added(business);
      const { results } = (
        await business.bulk([{ create: aCustomer(tooLong) }, { change: { ...tooLong, _id } }])
      ).body;
      const problems = [
        (await business.create(aCustomer(tooLong))).body,
        (await business.change(_id, tooLong)).body,
        (await business.patch(_id, tooLong)).body,
        ...results.map(({ error }: { error: unknown }) => error),
      ];
      expect(problems).toHaveLength(5);
      for (const problem of problems)
        expect(problem.errors).toEqual([expect.objectContaining({ pointer, message })]);
    },
  );

  it('says how many operations a bulk may have', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const many = await business.bulk(Array<object>(101).fill({ delete: { _id } }));
    expect(many.body.errors).toMatchObject([{ message: 'This must have at most 100 entries. It has 101.' }]);
  });

  it('takes a history out of order or of more than 200 entries, as PUT does', async () => {
    const on = (day: number) => `2026-02-0${String(day)}T00:00:00.000Z`;
    const entry = (state: string, day: number) => ({ state, setAt: on(day) });
    const backwards = await added(aBusiness(), { stateHistory: [entry('active', 2), entry('suspended', 1)] });
    expect(backwards.stateHistory).toEqual([entry('active', 2), entry('suspended', 2)]);
    const long = [...Array<object>(200).fill(entry('active', 1)), entry('archived', 2)];
    expect((await added(aBusiness(), { stateHistory: long })).stateHistory).toEqual(long.slice(1));
  });

  it('takes names of 50 characters and a note of 20,000', async () => {
    const longest = { firstName: 'ż'.repeat(50), lastName: 'b'.repeat(50), note: '\u{1F600}'.repeat(10_000) };
    expect(await added(aBusiness(), longest)).toMatchObject(longest);
  });

  it('asks for an email or a phone only, where the business chose so', async () => {
    const business = aBusiness();
    await business.chooseSettings({ regularRequires: 'email-or-phone' });
    expect((await business.create(aCustomer({ phone: null }))).status).toBe(201);
    expect((await business.create(aCustomer({ email: null }))).status).toBe(201);
    await expectRefused(service, () => business.create(aCustomer({ email: null, phone: null })), INVALID);
  });

  it('judges a national number by the business’s own country', async () => {
    const business = aBusiness();
    await business.chooseSettings({ defaultCountry: 'NO' });
    expect((await business.create(aCustomer({ phone: '22 22 55 55' }))).status).toBe(201);
    await expectRefused(service, () => aBusiness().create(aCustomer({ phone: '22 22 55 55' })), INVALID);
  });
});

describe('POST /api/v1/customer with a state', () => {
  it.each(['active', 'suspended', 'inactive', 'archived', 'deleted'])(
    'takes %s as written',
    async (state) => {
      const customer = await added(aBusiness(), { state, stateHistory: [] });
      expect(customer).toMatchObject({ state, stateHistory: [{ state, setAt: customer.createdAt }] });
    },
  );

  it('keeps a history verbatim and takes the state from its last entry', async () => {
    const stateHistory = [
      { state: 'active', setAt: '2025-01-01T00:00:00.000Z' },
      { state: 'inactive', setAt: '2025-02-01T00:00:00.123Z' },
    ];
    expect(await added(aBusiness(), { stateHistory })).toMatchObject({ state: 'inactive', stateHistory });
  });

  it('gives one that came as deleted its time to be purged, and lets others have its email', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business, { state: 'deleted' });
    const link = await documentIn(service, 'customer_link', { customerId: _id });
    expect(link).toMatchObject({ state: 'deleted', holdsEmail: false, purgeAfter: expect.any(Date) });
    expect((await business.create(aCustomer({ email }))).status).toBe(201);
  });
});

describe('POST /api/v1/customer leaves behind', () => {
  it('one audit entry, one event and one link, in the same transaction', async () => {
    const business = aBusiness();
    const { _id, createdAt } = await added(business, { note: null });
    const at = new Date(createdAt);
    expect(await documentIn(service, 'customer_audit', { customerId: _id })).toMatchObject({
      seq: 1,
      at,
      actor: 'user-1',
      action: 'create-customer',
      fields: ['firstName', 'lastName', 'phone', 'email', 'customerType', 'state'],
      from: null,
      to: 'active',
    });
    expect(await documentIn(service, 'outbox', { customerId: _id })).toMatchObject({
      type: 'customer-created',
      version: 0,
      state: 'active',
      at,
      pending: true,
    });
    expect(await documentIn(service, 'customer_link', { customerId: _id })).toMatchObject({
      state: 'active',
      version: 0,
      auditSeq: 1,
    });
  });
});
