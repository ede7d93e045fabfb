import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aClientId, type HttpAnswer, serveBundles, type Served } from '#test/support/served.ts';

/** What the business panel's own suite relies on; the names of the rows are its. */
describe('the business panel works unchanged', () => {
  let served: Served;
  let serial = 0;
  const path = '/api/v1/customer';

  const details = (overrides: object = {}) => {
    serial += 1;
    const digits = String(serial).padStart(7, '0');
    return {
      firstName: 'Anna',
      lastName: `Panel${digits}`,
      email: `panel.${digits}@example.com`,
      phone: `4851${digits}`,
      note: null,
      customerType: 'regular',
      ...overrides,
    };
  };
  const post = (body: unknown): Promise<HttpAnswer> => served.request('POST', path, { body });
  const put = (id: string, body: unknown): Promise<HttpAnswer> =>
    served.request('PUT', `${path}/${id}`, { body });
  const get = (id: string): Promise<HttpAnswer> => served.request('GET', `${path}/${id}`);
  const find = (query: Record<string, string>): Promise<HttpAnswer> =>
    served.request('GET', `${path}/paged?${new URLSearchParams(query).toString()}`);
  const created = async (overrides: object = {}) => {
    const answer = await post(details(overrides));
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const idsOf = ({ body }: HttpAnswer): string[] => body.items.map(({ _id }: { _id: string }) => _id);

  beforeAll(async () => {
    served = await serveBundles('panel');
    const settings = await served.request('PUT', `${path}/settings`, {
      body: { regularRequires: 'email-or-phone' },
    });
    expect(settings.status).toBe(200);
  }, 120_000);
  afterAll(() => served.stop());

  it('C1 stores a POST under the client’s _id and answers a first history entry', async () => {
    const _id = aClientId();
    const answer = await post(details({ _id, stateHistory: [], state: 'active' }));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ _id, object: 'CustomerDto', state: 'active' });
    expect(answer.body.stateHistory).toEqual([{ state: 'active', setAt: expect.any(String) }]);
    expect((await get(_id)).body._id).toBe(_id);
  });

  it('C2 keeps the letter case of an email', async () => {
    const customer = await created({ email: 'Anna.Nowak@Example.COM' });
    expect((await get(customer._id)).body.email).toBe('Anna.Nowak@Example.COM');
  });

  it.each([
    ['48600100200', '48600100200'],
    ['+48600100201', '+48600100201'],
  ])(
    'C3 answers the phone %s as %s, with a plus exactly when it was sent with one',
    async (given, answered) => {
      expect((await created({ phone: given })).phone).toBe(answered);
    },
  );

  it.each([['n'.repeat(70)], [null]])('C4 keeps the note %p', async (note) => {
    const customer = await created({ note });
    expect((await get(customer._id)).body.note).toBe(note);
  });

  it('C5 refuses a regular customer with names but empty phone and email', async () => {
    const answer = await post(details({ phone: '', email: '' }));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ statusCode: 400, code: 'invalid-request' });
  });

  it('C6 takes phone and email without names', async () => {
    const answer = await post(details({ firstName: '', lastName: '' }));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ firstName: null, lastName: null });
  });

  it.each([
    ['a phone of a wrong length', { phone: '5547778321' }],
    ['an email that is a phone', { email: '48600100299' }],
  ])('C7 refuses %s', async (_what, wrong) => {
    expect((await post(details(wrong))).status).toBe(400);
  });

  it('C8 refuses a PUT of the email Anna.com and changes nothing', async () => {
    const customer = await created();
    expect((await put(customer._id, { email: 'Anna.com' })).status).toBe(400);
    expect((await get(customer._id)).body).toEqual(customer);
  });

  it('C9 refuses a PUT of 48 and three digits, takes 380 and nine', async () => {
    const customer = await created();
    expect((await put(customer._id, { phone: '48123' })).status).toBe(400);
    const answer = await put(customer._id, { phone: '380501234567' });
    expect(answer.status).toBe(200);
    expect(answer.body.phone).toBe('380501234567');
  });

  it('C10 finds by the full email and the full phone; Anna.com finds nothing', async () => {
    const customer = await created({ email: 'anna.x@example.com', phone: '48511000111' });
    expect(idsOf(await find({ phrase: 'anna.x@example.com' }))).toEqual([customer._id]);
    expect(idsOf(await find({ phrase: '48511000111' }))).toEqual([customer._id]);
    expect((await find({ phrase: 'Anna.com' })).body).toEqual({ items: [], totalSize: 0 });
  });

  it.each([["D'Angelo"], ['O’Hara']])('C11 finds the name %s with its apostrophe', async (lastName) => {
    const customer = await created({ lastName });
    expect(idsOf(await find({ phrase: lastName }))).toEqual([customer._id]);
  });

  it('C12 answers ten pages of exactly 20 by name without a repeat', async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      created({ firstName: 'Paged', lastName: `Person${String(index % 50)}` }),
    );
    await Promise.all(many);
    const seen = new Set<string>();
    for (let page = 1; page <= 10; page += 1) {
      const answer = await find({ phrase: 'Paged', orderBy: 'name', pageSize: '20', page: String(page) });
      expect(answer.body.totalSize).toBe(200);
      expect(answer.body.items).toHaveLength(20);
      for (const id of idsOf(answer)) seen.add(id);
    }
    expect(seen.size).toBe(200);
  }, 60_000);

  it('C13 filters by state', async () => {
    const archived = await created({ firstName: 'Filtered' });
    const active = await created({ firstName: 'Filtered' });
    expect((await put(archived._id, { state: 'archived' })).body.state).toBe('archived');
    expect(idsOf(await find({ phrase: 'Filtered', state: 'archived' }))).toEqual([archived._id]);
    expect(idsOf(await find({ phrase: 'Filtered', state: 'active' }))).toEqual([active._id]);
  });

  it('C14 lists deleted ones too when no state is named', async () => {
    const customer = await created({ firstName: 'Vanished' });
    await served.request('DELETE', `${path}/${customer._id}`);
    const answer = await find({ phrase: 'Vanished' });
    expect(answer.body.items).toMatchObject([{ _id: customer._id, state: 'deleted' }]);
  });

  it('C15 gives the email of a deleted customer away again', async () => {
    const first = await created({ email: 'again@example.com' });
    expect(await post(details({ email: 'again@example.com' }))).toMatchObject({
      status: 409,
      body: {
        statusCode: 409,
        code: 'duplicate-email',
        existing: { _id: first._id, state: 'active' },
      },
    });
    await served.request('DELETE', `${path}/${first._id}`);
    await created({ email: 'again@example.com' });
  });

  it.each([
    ['POST', 'email'],
    ['POST', 'phone'],
    ['PUT', 'email'],
    ['PUT', 'phone'],
  ])('C15 answers 409 to a %s with the %s of another customer', async (method, field) => {
    const [first, other] = [await created(), await created()];
    const body = details({ [field]: first[field] });
    const answer = method === 'POST' ? await post(body) : await put(other._id, body);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      statusCode: 409,
      code: `duplicate-${field}`,
      existing: { _id: first._id, state: 'active' },
    });
  });

  it('C16 takes a PUT’s own history verbatim', async () => {
    const customer = await created();
    const stateHistory = [
      { state: 'active', setAt: '2025-01-01T08:00:00.000Z' },
      { state: 'inactive', setAt: '2025-02-01T08:00:00.000Z' },
      { state: 'archived', setAt: '2025-03-01T08:00:00.000Z' },
    ];
    const answer = await put(customer._id, { state: 'archived', stateHistory });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ state: 'archived', stateHistory });
  });

  it('C17 wipes nothing with a PUT of an empty history', async () => {
    const customer = await created();
    const answer = await put(customer._id, { stateHistory: [], note: 'kept' });
    expect(answer.body.stateHistory).toEqual(customer.stateHistory);
  });

  it('C18 answers 200 to a DELETE of an unknown id', async () => {
    const _id = aClientId();
    const answer = await served.request('DELETE', `${path}/${_id}`);
    expect([answer.status, answer.body]).toEqual([200, { _id, state: 'deleted' }]);
  });

  it('C19 answers deleted ones to updatedSince', async () => {
    const since = new Date().toISOString();
    const customer = await created();
    await served.request('DELETE', `${path}/${customer._id}`);
    const answer = await find({ updatedSince: since, pageSize: '1000' });
    const found = answer.body.items.find(({ _id }: { _id: string }) => _id === customer._id);
    expect(found).toMatchObject({ state: 'deleted' });
  });

  it('C20 takes the same POST twice', async () => {
    const body = details({ _id: aClientId(), stateHistory: [], state: 'active' });
    const first = await post(body);
    const second = await post(body);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
  });

  it.each([['anna@company.madeup'], ['anna@mail.bookclocks']])(
    'C21 takes the made-up top level of %s',
    async (email) => {
      expect((await created({ email })).email).toBe(email);
    },
  );

  it('C22 answers 404 with a JSON body to a GET of an unknown id', async () => {
    const answer = await get(aClientId());
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      statusCode: 404,
      code: 'customer-not-found',
      message: expect.any(String),
    });
  });

  it('takes pageSize=900, orderBy=id and the tenant header repeated in the query', async () => {
    const answer = await find({
      pageSize: '900',
      orderBy: 'id',
      'x-business-tenant-id': 'ffffffffffffffffffffffff',
    });
    expect(answer.status).toBe(200);
    expect(answer.body.items).toHaveLength(answer.body.totalSize);
    const ids = idsOf(answer);
    expect(ids).toEqual([...ids].sort().reverse());
  });
});
