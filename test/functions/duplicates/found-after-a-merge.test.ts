import { describe, expect, it } from '@jest/globals';
import { handler as enforceUniqueness } from '#functions/business/enforce-uniqueness/handler.ts';
import { newCustomer } from '#lib/domain/customers/customer.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { newId } from '#lib/store/customers/add-customer.ts';
import { takenValuesAmong } from '#lib/store/customers/taken.ts';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { aScope } from '#test/support/a-scope.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { run, useService } from '#test/support/service.ts';
import { documentIn } from '#test/support/stored.ts';
import { commandsOf } from '#test/support/wire/probe.ts';

const service = useService('found-after-a-merge');

const merging = async (business: Business, survivorId: string, loserId: string, more = {}) => {
  const { status, text } = await business.merge(survivorId, { loserId, ...more });
  if (status !== 200) throw new Error(text);
};
/** Two customers without a common value, merged. */
const aMerge = async (business: Business, fields = {}) => {
  const survivor = await added(business, { firstName: 'Ewa', lastName: 'Canaryes', ...fields });
  const loser = await added(business, { firstName: 'Zofia', lastName: 'Canarylove' });
  await merging(business, survivor._id, loser._id);
  return { survivor, loser };
};
const idOf = async (business: Business, query: Readonly<Record<string, string>>) =>
  (await business.lookUp(query)).body._id;
/** The ids of the live customers that a phrase finds. */
const liveWith = async (business: Business, phrase: string): Promise<string[]> =>
  (await business.find({ phrase, state: 'active' })).body.items.map(({ _id }: any) => _id);
/** The customer that a new one with this value is told of; null when there is none. */
const toldOf = async (business: Business, values: object): Promise<string | null> => {
  const { status, body } = await business.create(aCustomer({ customerType: 'new', phone: null, ...values }));
  if (status === 201) return null;
  expect(status).toBe(409);
  return body.existing._id;
};

describe('what only the loser of a merge had', () => {
  it('leads the look-up to the survivor, by email and by phone', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    const { body } = await business.get(survivor._id);
    const email = loser.email.toUpperCase();
    for (const query of [{ email }, { phone: loser.phone }, { phone: `+${String(loser.phone)}` }])
      expect((await business.lookUp(query)).body).toEqual(body);
    expect(await idOf(business, { email: survivor.email })).toBe(survivor._id);
  });

  it('leads the search to the survivor: names, beginnings, and the whole of email and phone', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    await added(business);
    const { email, phone } = loser;
    for (const phrase of [
      'Zofia',
      'canarylo',
      email,
      phone,
      email.slice(0, -3),
      phone.slice(-9),
      'Ewa zofia',
    ])
      expect([phrase, await liveWith(business, phrase)]).toEqual([phrase, [survivor._id]]);
  });

  it('is not free: a new customer with it is told of the survivor', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    for (const [code, values] of [
      ['duplicate-email', { email: loser.email.toUpperCase() }],
      ['duplicate-phone', { phone: loser.phone }],
    ] as const) {
      const { body } = await expectRefused(service, () => business.create(aCustomer(values)), [409, code]);
      expect(body.existing).toEqual({ _id: survivor._id, state: 'active' });
    }
    const other = await added(business);
    const change = () => business.change(other._id, { email: loser.email });
    const { body } = await expectRefused(service, change, [409, 'duplicate-email']);
    expect(body.existing._id).toBe(survivor._id);
  });

  it('is not free where the survivor has no value of its own', async () => {
    const business = aBusiness();
    const survivor = await added(business, { customerType: 'new', email: null, phone: null });
    const loser = await added(business);
    await merging(business, survivor._id, loser._id, { fields: { email: 'survivor', phone: 'survivor' } });
    const { body } = await business.get(survivor._id);
    expect([body.email, body.phone]).toEqual([null, null]);
    expect(await toldOf(business, { email: loser.email })).toBe(survivor._id);
    expect(await toldOf(business, { email: null, phone: loser.phone })).toBe(survivor._id);
    await business.change(survivor._id, { firstName: 'Late' });
    expect(await idOf(business, { email: loser.email })).toBe(survivor._id);
  });

  it('is known to the check of an import, which names the survivor', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    const { email, phone } = loser;
    const rules = { at: new Date(), settings: DEFAULT_SETTINGS };
    const customer = newCustomer(newId(), { firstName: 'Zofia', email, phone }, rules);
    const taken = await takenValuesAmong([customer], DEFAULT_SETTINGS, aScope(business.businessId));
    expect(taken.get(customer.id)).toMatchObject([
      { field: 'email', existing: survivor._id },
      { field: 'phone', existing: survivor._id },
    ]);
  });

  it('stays with the survivor, whatever is changed of it', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    const next = aCustomer();
    const changes: readonly object[] = [
      { note: 'late' },
      { firstName: 'Late' },
      { email: next.email, phone: next.phone },
      { email: null, customerType: 'new' },
      { state: 'archived' },
      { state: 'active' },
    ];
    for (const change of changes) {
      expect((await business.change(survivor._id, change)).status).toBe(200);
      expect(await idOf(business, { email: loser.email })).toBe(survivor._id);
      expect(await idOf(business, { phone: loser.phone })).toBe(survivor._id);
      expect(await toldOf(business, { email: loser.email })).toBe(survivor._id);
    }
    expect(await liveWith(business, 'Zofia')).toEqual([survivor._id]);
    expect(await idOf(business, { phone: next.phone })).toBe(survivor._id);
    expect(await toldOf(business, { email: survivor.email })).toBeNull();
  });

  it('does not make the survivor its own duplicate', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    const other = await added(business);
    const change = () => business.change(survivor._id, { email: other.email });
    const { body } = await expectRefused(service, change, [409, 'duplicate-email']);
    expect(body.existing._id).toBe(other._id);
    expect((await business.change(survivor._id, { email: loser.email })).status).toBe(200);
  });

  it('is free while the survivor is deleted, and claimed again by its restore', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    await business.delete(survivor._id);
    expect((await business.lookUp({ email: loser.email })).status).toBe(404);
    const other = await added(business, { email: loser.email });
    const restore = () => business.restore(survivor._id);
    const { body } = await expectRefused(service, restore, [409, 'duplicate-email']);
    expect(body.existing._id).toBe(other._id);
    await business.delete(other._id);
    expect((await restore()).status).toBe(200);
    expect(await toldOf(business, { email: loser.email })).toBe(survivor._id);
  });

  it('is handed on when the survivor is merged too, and comes back with it', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    const [last, third] = [await added(business), await added(business)];
    await merging(business, last._id, third._id);
    await merging(business, last._id, survivor._id);
    for (const { email, phone } of [loser, survivor, third, last]) {
      expect(await idOf(business, { email })).toBe(last._id);
      expect(await idOf(business, { phone })).toBe(last._id);
      expect(await toldOf(business, { email })).toBe(last._id);
    }
    expect((await business.unmerge(last._id, { loserId: survivor._id })).status).toBe(200);
    for (const { email } of [loser, survivor]) expect(await idOf(business, { email })).toBe(survivor._id);
    for (const { email } of [third, last]) expect(await idOf(business, { email })).toBe(last._id);
    expect((await business.unmerge(survivor._id, { loserId: loser._id })).status).toBe(200);
    expect((await business.unmerge(last._id, { loserId: third._id })).status).toBe(200);
    for (const { _id, email, phone } of [loser, survivor, third, last]) {
      expect(await idOf(business, { email })).toBe(_id);
      expect(await idOf(business, { phone })).toBe(_id);
      expect(await documentIn(service, 'customer_link', { customerId: _id })).not.toHaveProperty('absorbed');
    }
  });

  it('comes back to the loser when the merge is undone, and nothing else does', async () => {
    const business = aBusiness();
    const survivor = await added(business);
    const before = await documentIn(service, 'customer_link', { customerId: survivor._id });
    const loser = await added(business, { firstName: 'Zofia' });
    await merging(business, survivor._id, loser._id);
    await business.unmerge(survivor._id, { loserId: loser._id });
    const after = await documentIn(service, 'customer_link', { customerId: survivor._id });
    for (const name of ['emailKeys', 'phoneKeys', 'searchTokens', 'holdsEmail', 'holdsPhone'])
      expect(after[name]).toEqual(before[name]);
    expect(await liveWith(business, 'Zofia')).toEqual([loser._id]);
    expect(await toldOf(business, { email: loser.email })).toBe(loser._id);
  });

  it('leaves no email behind on a survivor without one', async () => {
    const business = aBusiness();
    const survivor = await added(business, { customerType: 'new', email: null });
    const loser = await added(business);
    await merging(business, survivor._id, loser._id, { fields: { email: 'survivor' } });
    await business.unmerge(survivor._id, { loserId: loser._id });
    const link = await documentIn(service, 'customer_link', { customerId: survivor._id });
    expect(link).not.toHaveProperty('emailKeys');
    expect([link.holdsEmail, link.holdsPhone]).toEqual([false, true]);
  });

  it('leads nobody of another business anywhere', async () => {
    const { loser } = await aMerge(aBusiness());
    const other = aBusiness();
    expect((await other.lookUp({ email: loser.email })).status).toBe(404);
    expect(await toldOf(other, { email: loser.email })).toBeNull();
  });
});

describe('a uniqueness that is switched on later', () => {
  it('sees no conflict between a survivor and its loser, and refuses a third', async () => {
    const business = aBusiness();
    await business.chooseSettings({ uniqueEmail: false });
    const survivor = await added(business);
    const loser = await added(business, { email: survivor.email });
    const third = await added(business);
    await merging(business, survivor._id, loser._id);
    await merging(business, survivor._id, third._id);
    await business.chooseSettings({ uniqueEmail: true });
    expect(await toldOf(business, { email: third.email })).toBe(survivor._id);
    const { findings } = await run(enforceUniqueness, { settleMs: 0 });
    expect(findings).toEqual([
      { businessId: business.businessId, field: 'email', outcome: 'enforced', conflicts: [] },
    ]);
    expect((await business.settings()).body.uniqueEmail).toBe(true);
    for (const { email } of [survivor, third]) expect(await toldOf(business, { email })).toBe(survivor._id);
  });

  it('does not stop the undoing of a merge while it is pending', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    await business.chooseSettings({ uniqueEmail: false, uniquePhone: false });
    await business.chooseSettings({ uniqueEmail: true, uniquePhone: true });
    expect((await business.unmerge(survivor._id, { loserId: loser._id })).status).toBe(200);
    expect(await idOf(business, { email: loser.email })).toBe(loser._id);
  });
});

describe('the database is asked as often as before', () => {
  /** Without the request bucket, which is asked once for several requests. */
  const asked = async (steps: () => Promise<unknown>): Promise<string[]> =>
    (await commandsOf(steps)).map(({ name }) => name).filter((name) => name !== 'findAndModify');

  it('by a look-up, a search, a change and a refused create of a survivor', async () => {
    const business = aBusiness();
    const [plain, { survivor, loser }] = [await added(business), await aMerge(business)];
    for (const by of [
      ({ email }: any) => business.lookUp({ email }),
      ({ phone }: any) => business.lookUp({ phone }),
      ({ email }: any) => business.find({ phrase: email }),
      ({ lastName }: any) => business.find({ phrase: lastName }),
      ({ email }: any) => business.create(aCustomer({ email })),
    ])
      expect(await asked(() => by(loser))).toEqual(await asked(() => by(plain)));
    const change = (_id: string) => asked(() => business.change(_id, { firstName: 'Late' }));
    expect(await change(survivor._id)).toEqual(await change(plain._id));
  });
});
