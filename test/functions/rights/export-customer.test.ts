import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { PLACES } from '#lib/store/rights/places.ts';
import { anOrderDto, aPaymentDto, order, pay } from '#test/support/activity.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('export-customer');
const NOT_FOUND = [404, 'customer-not-found'] as const;

const consent = (parts: Readonly<Record<string, unknown>> = {}) => ({
  ...{ purpose: 'marketing', channel: 'email', granted: true, source: 'desk', lawfulBasis: 'consent' },
  ...parts,
});

/** A customer with reasons and consents, into which another one was merged, which had some too. */
const aLife = async (business: Business) => {
  const loser = await added(business);
  await business.setState(loser._id, { state: 'suspended', reason: 'canary reason of the loser' });
  await business.record(loser._id, [consent({ channel: 'sms', granted: false, proofRef: 'canary-proof' })]);
  const customer = await added(business);
  await business.record(customer._id, [consent({ textVersion: 'canary-text' })], { actor: 'user-7' });
  await business.setState(customer._id, { state: 'suspended', reason: 'canary reason' });
  expect((await business.merge(customer._id, { loserId: loser._id })).status).toBe(200);
  for (const one of [customer, loser]) {
    await order(business.businessId, anOrderDto([one]));
    await pay(business.businessId, aPaymentDto(one, { paymentDate: '2026-06-02T09:00:00.000Z' }));
  }
  const { body } = await business.get(customer._id);
  return { customer: body, loser };
};

/** Consents as they are stored, each with a text of its own. */
const many = (count: number, { businessId }: Business, customerId: string) =>
  Array.from({ length: count }, (_, index) => ({
    ...consent({ textVersion: `canary-many-${String(index)}` }),
    businessId: new Types.ObjectId(businessId),
    customerId: new Types.ObjectId(customerId),
    givenAt: new Date(2020, 0, 1),
    recordedAt: new Date(2020, 0, 1),
    role: 'OWNER',
    requestId: 'r',
  }));

/** Marks customers as merged, without the time that so many merges take. */
const mergeByForce = (ids: readonly string[], survivorId: string) =>
  service.database
    .collection('customer_link')
    .updateMany(
      { customerId: { $in: ids.map((id) => new Types.ObjectId(id)) } },
      { $set: { mergedInto: new Types.ObjectId(survivorId) } },
    );

const entriesIn = ({ merged, consents, orders, payments, changes }: any): object[] =>
  [merged, consents, orders, payments, changes].flat();

/** Every page of an export. */
const pagesOf = async (business: Business, id: string): Promise<any[]> => {
  const pages = [(await business.exported(id)).body];
  for (let cursor = pages[0].nextCursor; cursor !== undefined; cursor = pages.at(-1).nextCursor)
    pages.push((await business.exported(id, { cursor })).body);
  return pages;
};

describe('the preferences in an export', () => {
  it('are those of the customer, and with each merged one its own', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await business.prefer(loser._id, { language: 'uk', invoicing: { name: 'canary to be invoiced' } });
    await business.prefer(survivor._id, { language: 'pl' });
    await business.merge(survivor._id, { loserId: loser._id });
    const { preferences, merged } = (await business.exported(survivor._id)).body;
    const invoicing = { name: 'canary to be invoiced' };
    expect(preferences).toMatchObject({ language: 'pl', invoicing });
    expect(merged).toMatchObject([{ _id: loser._id, preferences: { language: 'uk', invoicing } }]);
  });
});

describe('GET /api/v1/customer/{id}/export', () => {
  it('answers everything of the person, with everybody who was merged into it', async () => {
    const business = aBusiness();
    const { customer, loser } = await aLife(business);
    const { status, body } = await expectNothingWritten(service, () => business.exported(customer._id));
    expect([status, Object.keys(body)]).toEqual([
      200,
      // prettier-ignore
      ['object', 'article', 'exportedAt', 'customer', 'merged', 'consents', 'orders', 'payments', 'preferences', 'suppressions', 'changes', 'processing', 'kept', 'accesses'],
    ]);
    expect(body).toMatchObject({ object: 'CustomerExport', article: 15, customer });
    expect(body.merged).toMatchObject([{ _id: loser._id, note: loser.note, email: loser.email }]);
    expect(body.consents.map(({ channel, granted }: any) => [channel, granted])).toEqual([
      ['email', true],
      ['sms', false],
      ['sms', false],
    ]);
    expect(body.orders).toHaveLength(2);
    expect(body.orders[0]).toMatchObject({ status: 'confirmed', counts: 'booked', services: { length: 1 } });
    expect(body.payments).toMatchObject([
      { amount: 120.5, currency: 'PLN', paidAt: '2026-06-02T09:00:00.000Z' },
      { amount: 120.5, currency: 'PLN', method: 'CASH' },
    ]);
    expect(body.preferences).toMatchObject({ channel: null, invoicing: null });
    expect(body.suppressions).toMatchObject([{ purpose: 'marketing', channel: 'sms' }]);
    const reasons = body.changes.map(({ reason }: any) => reason).filter(Boolean);
    expect(reasons).toEqual(expect.arrayContaining(['canary reason', 'canary reason of the loser']));
    expect(body.changes[0]).toEqual({
      at: expect.any(String),
      role: 'OWNER',
      action: 'create-customer',
      purpose: 'manage-relationship',
      fields: expect.arrayContaining(['email', 'phone']),
    });
    expect(body.processing).toContainEqual({
      purpose: 'serve-customer',
      text: expect.stringContaining('Staff'),
      lawfulBasis: 'contract',
      categories: expect.arrayContaining(['names', 'contact data']),
    });
    expect(body.kept).toContainEqual({ what: expect.stringContaining('note'), until: expect.any(String) });
    expect(body.accesses).toEqual({ keptMonths: 13, how: expect.stringMatching(/\.$/) });
  });

  it('shows the value of every path that its places say it shows', async () => {
    const business = aBusiness();
    const { customer, loser } = await aLife(business);
    await business.placeHold(customer._id, 'canary reason of the hold');
    const { body, text } = await business.exported(customer._id, { staff: 'true' });
    const { customer: record, merged, changes } = body;
    const opened = [record, ...merged].flatMap(({ email, phone, note }) => [email, phone, note]);
    const reasons = changes.map(({ reason }: any) => reason).filter(Boolean);
    for (const { name, foundBy, exported } of PLACES) {
      if (exported.under === 'none') continue;
      const documents = await documentsIn(service, name, {
        [foundBy]: { $in: [customer._id, loser._id].map((id) => new Types.ObjectId(id)) },
      });
      expect(documents.length).toBeGreaterThan(1);
      for (const path of exported.shows)
        for (const value of documents.map((document) => document[path])) {
          if (value instanceof Date)
            expect([path, text]).toEqual([path, expect.stringContaining(value.toISOString())]);
          if (typeof value === 'string')
            expect([path, text]).toEqual([path, expect.stringContaining(`"${value}"`)]);
        }
    }
    expect(opened).toEqual(expect.arrayContaining([customer.email, loser.email, loser.phone, loser.note]));
    expect(reasons).toEqual(
      expect.arrayContaining(['canary reason', 'canary reason of the loser', 'canary reason of the hold']),
    );
    expect(body.kept[0]).toEqual({
      what: expect.stringMatching(/^the whole record, under a legal hold since 2/),
      until: 'until the hold ends',
    });
  });

  it('names no employee unless it is asked to', async () => {
    const business = aBusiness();
    const { customer } = await aLife(business);
    const by = { actor: 'user-9' };
    expect((await business.exported(customer._id, {}, by)).text).not.toContain('user-7');
    const { body } = await business.exported(customer._id, { staff: 'true' }, by);
    expect(body.changes.find(({ action }: any) => action === 'record-consents').actor).toBe('user-7');
    expect(body.changes.every(({ actor }: any) => typeof actor === 'string')).toBe(true);
  });

  it('answers under article 20 what the person gave and did, and nothing that the business wrote', async () => {
    const business = aBusiness();
    const { customer, loser } = await aLife(business);
    const { body, text } = await business.exported(customer._id, { article: '20' });
    expect(Object.keys(body)).toEqual([
      ...['object', 'article', 'exportedAt', 'customer', 'merged', 'consents'],
      ...['orders', 'payments', 'preferences'],
    ]);
    expect([body.orders.length, body.payments.length]).toEqual([2, 2]);
    const { note: _note, ...given } = customer;
    expect(body).toMatchObject({ article: 20, merged: [{ _id: loser._id, email: loser.email }] });
    expect(body.customer).toEqual(given);
    expect(body.consents).toHaveLength(3);
    expect(text).not.toMatch(/canary note|canary reason/);
  });

  it('answers with the survivor for an id that was merged, and for a deleted customer with its record', async () => {
    const business = aBusiness();
    const { customer, loser } = await aLife(business);
    const { exportedAt: _first, ...whole } = (await business.exported(customer._id)).body;
    const { exportedAt: _second, ...asked } = (await business.exported(loser._id)).body;
    expect(asked).toEqual(whole);
    await business.delete(customer._id);
    expect((await business.exported(customer._id)).body.customer.state).toBe('deleted');
  });

  it('shows refusals that are kept for the address from an earlier record', async () => {
    const business = aBusiness();
    const draft = aCustomer();
    const { _id } = await added(business, draft);
    await business.record(_id, [consent({ granted: false })]);
    expect((await business.erase(_id)).status).toBe(200);
    const again = await added(business, draft);
    const { body } = await business.exported(again._id);
    expect(body).toMatchObject({ consents: [], suppressions: [{ purpose: 'marketing', channel: 'email' }] });
  });

  it.each([
    ['of an unknown customer', () => Promise.resolve(aBusinessId())],
    ['of another business', async () => (await added(aBusiness()))._id],
    [
      'of a customer that was erased',
      async (business: Business) => {
        const { _id } = await added(business);
        await business.erase(_id);
        return _id;
      },
    ],
  ])('answers 404 customer-not-found for the id %s', async (_what, idOf) => {
    const business = aBusiness();
    const id = await idOf(business);
    await expectRefused(service, () => business.exported(id), NOT_FOUND);
  });

  it('goes on by its cursor above 2,000 entries, shows each once, and explains itself on the first page only', async () => {
    const business = aBusiness();
    const { customer, loser } = await aLife(business);
    await service.database.collection('consent').insertMany(many(2_500, business, loser._id));
    const pages = await pagesOf(business, customer._id);
    expect(pages.map((page) => entriesIn(page).length)).toEqual([2_000, 516]);
    const whole = pages.flatMap(entriesIn).map((entry) => JSON.stringify(entry));
    expect(whole.filter((entry) => entry.includes('canary-many'))).toHaveLength(2_500);
    expect(new Set(whole.filter((entry) => entry.includes('canary-many'))).size).toBe(2_500);
    const [first, second] = pages;
    expect(Object.keys(first)).toEqual(
      expect.arrayContaining(['suppressions', 'processing', 'kept', 'accesses']),
    );
    expect(Object.keys(second)).toEqual([
      'object',
      'article',
      'exportedAt',
      'customer',
      'merged',
      'consents',
      'orders',
      'payments',
      'preferences',
      'changes',
    ]);
    expect(second).toMatchObject({ customer, merged: [] });
  });

  it('leaves out malformed entries of a history, and shows those after them', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const [entry] = await documentsIn(service, 'customer_audit', { customerId: _id });
    const entries = Array.from({ length: 2_100 }, (_, index) => ({
      ...{ ...entry, _id: new Types.ObjectId(), seq: index + 2 },
      ...(index < 2_050 ? { actor: 7 } : { action: `canary-${String(index)}` }),
    }));
    await service.database.collection('customer_audit').insertMany(entries);
    const { body } = await business.exported(_id);
    expect([body.changes.length, body.nextCursor]).toEqual([51, undefined]);
    expect(body.changes.at(-1).action).toBe('canary-2099');
  });

  it('goes on by its cursor above 5 MiB', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const ids = [];
    for (let count = 0; count < 95; count += 1)
      ids.push((await added(business, aCustomer({ note: '€'.repeat(20_000) })))._id);
    await mergeByForce(ids, _id);
    const pages = await pagesOf(business, _id);
    expect(pages).toHaveLength(2);
    for (const page of pages)
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(5 * 1024 * 1024);
    expect(pages.flatMap(({ merged }) => merged.map((one: any) => one._id)).sort()).toEqual(ids.sort());
  });

  it('leaves out of the next page a customer that was unmerged meanwhile', async () => {
    const business = aBusiness();
    const { customer, loser } = await aLife(business);
    await service.database.collection('consent').insertMany(many(2_500, business, loser._id));
    const { nextCursor: cursor } = (await business.exported(customer._id)).body;
    expect((await business.unmerge(customer._id, { loserId: loser._id })).status).toBe(200);
    const { body } = await business.exported(customer._id, { cursor });
    expect([body.consents, body.nextCursor]).toEqual([[], undefined]);
    expect(body.changes.length).toBeGreaterThan(3);
  });

  it('answers 400 for the cursor of another customer, business, article or list', async () => {
    const business = aBusiness();
    const [one, other] = [await added(business), await added(business)];
    await service.database.collection('consent').insertMany(many(2_001, business, one._id));
    const { nextCursor: cursor } = (await business.exported(one._id, { article: '20' })).body;
    const stranger = aBusiness();
    const elsewhere = await added(stranger);
    const consents = (await business.consents(one._id, { pageSize: '1' })).body.nextCursor;
    for (const ask of [
      () => business.exported(other._id, { article: '20', cursor }),
      () => business.exported(one._id, { article: '15', cursor }),
      () => business.exported(one._id, { article: '20', staff: 'true', cursor }),
      () => stranger.exported(elsewhere._id, { article: '20', cursor }),
      () => business.exported(one._id, { article: '20', cursor: consents }),
      () => business.consents(one._id, { cursor }),
    ])
      await expectRefused(service, ask, [400, 'invalid-request']);
    expect((await business.exported(one._id, { article: '20', cursor })).body.consents).toHaveLength(1);
  });

  it.each([{ article: '17' }, { article: '15.0' }, { staff: 'yes' }, { cursor: 'not a cursor' }])(
    'answers 400 for %j',
    async (query) => {
      const business = aBusiness();
      const { _id } = await added(business);
      await expectRefused(service, () => business.exported(_id, query), [400, 'invalid-request']);
    },
  );
});
