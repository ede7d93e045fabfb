import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { accessesBy } from '#test/support/access-lines.ts';
import { makeDue } from '#test/support/due.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, run, useService } from '#test/support/service.ts';
import { anId, hour, setTotals, store } from '#test/support/stored-activity.ts';
import { countIn, expectNothingWritten } from '#test/support/stored.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';

const service = useService('find-attendees');
const takenAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/);

/** A person without what only a record has. */
const aPerson = (overrides: Readonly<Record<string, unknown>> = {}): any => {
  const { firstName, lastName, email, phone } = aCustomer(overrides);
  return { firstName, lastName, email, phone };
};

/** An attendee as the panel sends it. */
const fromPanel = (customer: object) => ({
  ...{
    object: 'AttendeeDto',
    _id: anId(),
    _version: '',
    state: 'active',
    stateHistory: [],
    firstTime: false,
  },
  customer: { object: 'CustomerDto', note: null, ...customer },
});

const resultsOf = async (
  business: Business,
  attendees: readonly unknown[],
  more: object = {},
): Promise<any[]> => {
  const { status, body } = await business.attendees(attendees, more);
  expect(status).toBe(200);
  expect(body.results).toHaveLength(attendees.length);
  return body.results;
};
const statusesOf = (results: readonly any[]): number[] => results.map(({ status }) => status);
const idsOf = (results: readonly any[]): string[] => results.map(({ attendee }) => attendee?.customer._id);
const customersIn = ({ businessId }: Business) => countIn(service, 'customer_link', { businessId });

describe('an attendee who is known', () => {
  it('is found by its id, else by its email, else by its phone; nothing is written', async () => {
    const business = aBusiness({ role: 'SERVICE' });
    const owner = business.as({ role: 'OWNER' });
    const [one, two, three] = [await added(owner), await added(owner), await added(owner)];
    const results = await expectNothingWritten(service, () =>
      resultsOf(business, [
        { _id: one._id },
        { _id: one._id.toUpperCase(), email: two.email },
        { _id: anId(), email: two.email.toUpperCase(), phone: three.phone },
        fromPanel({ _id: anId(), customerType: 'new', email: 'nobody@canary.example', phone: three.phone }),
        { email: three.email },
      ]),
    );
    expect(statusesOf(results)).toEqual([200, 200, 200, 200, 200]);
    expect(idsOf(results)).toEqual([one, one, two, three, three].map(({ _id }) => _id));
    expect(results[0].attendee).toEqual({ object: 'AttendeeDto', customer: one, firstTime: true, takenAt });
  });

  it('is never changed', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const sent = fromPanel({
      ...customer,
      firstName: 'Canary of another name',
      phone: '+48 600 700 800',
      note: 'x',
    });
    const [result] = await expectNothingWritten(service, () => resultsOf(business, [sent]));
    expect(result.attendee.customer).toEqual(customer);
  });

  it('is a deleted customer by its id, but not by what it had', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business, { state: 'deleted' });
    const [byId, byEmail] = await resultsOf(business, [{ _id }, { ...aPerson(), email }]);
    expect([byId.status, byId.attendee.customer.state]).toEqual([200, 'deleted']);
    expect(byEmail.status).toBe(201);
    expect(byEmail.attendee.customer._id).not.toBe(_id);
  });

  it('is the survivor, if it was merged into it', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await business.merge(survivor._id, { loserId: loser._id });
    const results = await resultsOf(business, [{ _id: loser._id }, { email: loser.email }]);
    expect(idsOf(results)).toEqual([survivor._id, survivor._id]);
  });

  it('has come before, if another order begins before this one', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const [exceptOrder] = await store(service, { business, customerId: _id }, 'order', [
      { startAt: hour(5) },
    ]);
    await setTotals(service, _id, { firstOrderAt: hour(5) });
    const firstTime = async (more: object): Promise<boolean> => {
      const [result] = await resultsOf(business, [{ _id }], { body: { attendees: [{ _id }], ...more } });
      return result.attendee.firstTime;
    };
    expect(await firstTime({})).toBe(false);
    expect(await firstTime({ at: hour(5).toISOString() })).toBe(true);
    expect(await firstTime({ exceptOrder })).toBe(true);
  });
});

describe('an attendee who is not known', () => {
  it('becomes a regular customer under its id, with an entry in its history', async () => {
    const business = aBusiness({ role: 'SERVICE', actor: 'order-service' });
    const [_id, person] = [anId(), aPerson()];
    const [result] = await resultsOf(business, [fromPanel({ _id, customerType: 'new', ...person })]);
    expect([result.status, result.attendee.firstTime]).toEqual([201, true]);
    const owner = business.as({ role: 'OWNER', actor: 'user-1' });
    const { body: customer } = await owner.get(_id);
    expect(result.attendee.customer).toEqual(customer);
    expect(customer).toMatchObject({ ...person, customerType: 'regular', state: 'active', _version: '0' });
    const { items, verified } = (await owner.history(_id)).body;
    expect([verified, items]).toMatchObject([
      true,
      [{ action: 'create-customer', actor: 'order-service', purpose: 'serve-order' }],
    ]);
  });

  it('becomes unregistered where the rule of a regular customer is not met', async () => {
    const business = aBusiness();
    const results = await resultsOf(business, [
      { _id: anId(), firstName: 'Canary' },
      { ...aPerson(), phone: null },
      { ...aPerson(), email: '' },
    ]);
    expect(statusesOf(results)).toEqual([201, 201, 201]);
    for (const { attendee } of results) expect(attendee.customer.customerType).toBe('unregistered');
    await business.chooseSettings({ regularRequires: 'email-or-phone' });
    const [another] = await resultsOf(business, [{ ...aPerson(), phone: null }]);
    expect(another.attendee.customer.customerType).toBe('regular');
  });

  it('is one customer, however often the request names it', async () => {
    const business = aBusiness();
    const [person, _id] = [aPerson(), anId()];
    const results = await resultsOf(business, [
      { _id, ...person },
      { _id, ...person },
      { ...aPerson(), email: person.email },
      { phone: person.phone },
    ]);
    expect(statusesOf(results)).toEqual([201, 200, 200, 200]);
    expect(idsOf(results)).toEqual([_id, _id, _id, _id]);
    expect(await customersIn(business)).toBe(1);
  });

  it('gets another id, if its own is used by another business; nothing of that is shown', async () => {
    const business = aBusiness();
    const foreign = await added(aBusiness());
    const [result] = await resultsOf(business, [{ ...aPerson(), _id: foreign._id }]);
    expect(result.status).toBe(201);
    expect(result.attendee.customer._id).not.toBe(foreign._id);
    expect(JSON.stringify(result)).not.toContain(foreign.lastName);
  });
});

describe('an attendee of whom no customer is made', () => {
  it('comes back as sent, if it is anonymous; nothing is stored', async () => {
    const business = aBusiness();
    const anonymous = fromPanel({
      ...{ _id: anId(), _version: '', customerType: 'anonymous' },
      ...{ firstName: null, lastName: null, email: null, phone: null, note: null },
    });
    const [result] = await expectNothingWritten(service, () => resultsOf(business, [anonymous]));
    expect(result).toEqual({ status: 200, attendee: anonymous });
  });

  it('is 400 when it names nobody, or has an email or phone that is none; the others go on', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const results = await resultsOf(business, [
      {},
      { firstName: 'Canary' },
      { ...aPerson(), email: 'nobody' },
      { customer: { ...aPerson(), phone: '12' } },
      { _id, email: 'nobody' },
      aPerson(),
    ]);
    expect(statusesOf(results)).toEqual([400, 400, 400, 400, 200, 201]);
    const errors = results.map(({ error }) => error?.errors.map(({ pointer }: any) => pointer));
    expect(errors.slice(0, 4)).toEqual([['#'], ['#'], ['#/email'], ['#/phone']]);
    for (const { error } of results.slice(0, 4))
      expect(error).toMatchObject({ code: 'invalid-request', status: 400 });
    expect(await customersIn(business)).toBe(2);
  });

  it('is 404 when it was erased or purged here; nobody is looked for or made by its contact', async () => {
    const business = aBusiness();
    const [erased, purged, live] = [await added(business), await added(business), await added(business)];
    await business.erase(erased._id);
    await makeDue(service, business, purged._id);
    await run(purge, { largestShare: 1 });
    const results = await expectNothingWritten(service, () =>
      resultsOf(business, [
        { ...aPerson(), _id: erased._id },
        { _id: purged._id, email: live.email },
      ]),
    );
    expect(results).toMatchObject([
      { status: 404, error: { code: 'customer-not-found' } },
      { status: 404, error: { code: 'customer-not-found' } },
    ]);
  });
});

describe('the same request again', () => {
  it('finds what the first one created', async () => {
    const business = aBusiness();
    const attendees = [{ _id: anId(), ...aPerson() }, aPerson()];
    const first = await resultsOf(business, attendees);
    const again = await expectNothingWritten(service, () => resultsOf(business, attendees));
    expect(statusesOf(again)).toEqual([200, 200]);
    expect(idsOf(again)).toEqual(idsOf(first));
  });

  it('with its Idempotency-Key is answered the same', async () => {
    const business = aBusiness();
    const more = { headers: { 'idempotency-key': randomUUID() } };
    const attendees = [aPerson()];
    const first = await business.attendees(attendees, more);
    const again = await expectNothingWritten(service, () => business.attendees(attendees, more));
    expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
    const other = await business.attendees([aPerson()], more);
    expect(other.status).toBe(422);
  });

  it('sent many times at once makes one customer', async () => {
    const business = aBusiness();
    const ample = { remainingMs: 60_000 };
    for (const attendee of [{ _id: anId(), ...aPerson() }, aPerson(), { ...aPerson(), email: null }]) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => resultsOf(business, [attendee], ample)),
      );
      const results = answers.flat();
      expect(statusesOf(results).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
      expect(new Set(idsOf(results)).size).toBe(1);
    }
    expect(await customersIn(business)).toBe(3);
  });
});

describe('the access log', () => {
  it('has one line of each request, also when somebody was added: it shows others too', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const [read] = await accessesBy(() => business.attendees([{ _id }]));
    expect(read).toMatchObject({ useCase: 'find-attendees', outcome: 'read', customers: [_id] });
    const newId = anId();
    const lines = await accessesBy(() => business.attendees([{ _id }, { _id: newId, ...aPerson() }]));
    expect(lines).toMatchObject([{ outcome: 'changed', purpose: 'serve-order', customers: [_id, newId] }]);
  });
});

describe('what is refused', () => {
  it.each([
    ['no list', undefined, 'invalid-request', '#/attendees'],
    ['nobody', [], 'invalid-request', '#/attendees'],
    ['101 attendees', Array.from({ length: 101 }, () => ({ _id: anId() })), 'invalid-request', '#/attendees'],
    ['an id that is none', [{ _id: 'x' }], 'invalid-request', '#/attendees/0/_id'],
    [
      'an unknown type',
      [{ customer: { customerType: 'guest' } }],
      'invalid-request',
      '#/attendees/0/customer/customerType',
    ],
    ['an unknown field', [{ _id: anId(), iban: 'x' }], 'unknown-field', '#/attendees/0/iban'],
    ['a person twice', [{ customer: {}, email: 'a@canary.example' }], 'invalid-request', '#/attendees/0'],
  ])('400 for %s, naming the place', async (_what, attendees, code, pointer) => {
    const { body } = await expectRefused(service, () => aBusiness().attendees(attendees), [400, code]);
    expect(body.errors).toMatchObject([{ in: 'body', pointer }]);
  });

  it('403 to who may not record orders', async () => {
    for (const role of ['SPECIALIST', 'SUPPORT', 'PRIVACY'])
      await expectRefused(service, () => aBusiness({ role }).attendees([{ _id: aBusinessId() }]), [
        403,
        'not-permitted',
      ]);
  });
});
