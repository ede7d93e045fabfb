import { beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { keyedFieldsOf } from '#lib/store/customers/link.ts';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { makeDue } from '#test/support/due.ts';
import { keyringOf, keysIn, useKeyring } from '#test/support/keyrings.ts';
import { run, useService } from '#test/support/service.ts';
import { documentIn } from '#test/support/stored.ts';

const service = useService('reencrypt-survivors');
const [BEFORE, TURNED, DROPPED] = [keyringOf('k1'), keyringOf('k2', 'k1'), keyringOf('k2')];
const reencrypting = () => run(reencryptCustomers, { settleMs: 0 });
const collection = (name: string) => service.database.collection(name);
const linkOf = (customerId: string) => documentIn(service, 'customer_link', { customerId });

/** Each test begins with nothing stored and one key. */
beforeEach(async () => {
  for (const name of ['customer', 'customer_link', 'customer_audit', 'erasure', 'merge'])
    await collection(name).deleteMany({});
  useKeyring(BEFORE);
});

const merging = async (business: Business, survivorId: string, loserId: string, more = {}) => {
  const { status, text } = await business.merge(survivorId, { loserId, ...more });
  if (status !== 200) throw new Error(text);
};
/** Three customers, merged one into the next. */
const aChain = async (business: Business, more = {}) => {
  const survivor = await added(business, { customerType: 'new', ...more });
  const [middle, loser] = [await added(business), await added(business, { firstName: 'Zofia' })];
  await merging(business, middle._id, loser._id);
  await merging(business, survivor._id, middle._id, { fields: { email: 'survivor' } });
  return { survivor, middle, loser };
};
const expectFound = async (business: Business, { email, phone }: any, id: string) => {
  for (const query of [{ email }, { phone }]) expect((await business.lookUp(query)).body._id).toBe(id);
  const { status, body } = await business.create(aCustomer({ email }));
  expect([status, body.existing?._id]).toEqual([409, id]);
};
/** Makes a survivor's link as a version wrote it that did not take over anything of losers. */
const asBefore = async (business: Business, customer: any, email: string | null = customer.email) => {
  const { phone, firstName, lastName } = (await business.get(customer._id)).body;
  const own = keyedFieldsOf(
    { id: customer._id, firstName, lastName, email, phone, stateHistory: [{ state: 'active' }] } as any,
    keysIn(BEFORE, business.businessId),
  );
  const $unset = { absorbed: '', ...(email === null && { emailKeys: '' }) };
  await collection('customer_link').updateOne(
    { customerId: new Types.ObjectId(String(customer._id)) },
    { $set: { ...own, keyUse: 'k1|k1|2' }, $unset },
  );
};

describe('the re-encryption of a customer that others were merged into', () => {
  it('keeps what all of them are found by, without the old key', async () => {
    const business = aBusiness();
    const { survivor, middle, loser } = await aChain(business, { email: null });
    useKeyring(TURNED);
    expect(await reencrypting()).toMatchObject({ rewritten: 3, troubles: [], mayBeDropped: ['k1'] });
    useKeyring(DROPPED);
    await reencrypting();
    for (const one of [middle, loser]) await expectFound(business, one, survivor._id);
    const { items } = (await business.find({ phrase: 'zofia', state: 'active' })).body;
    expect(items.map(({ _id }: any) => _id)).toEqual([survivor._id]);
    const { absorbed, emailKeys } = await linkOf(survivor._id);
    expect([absorbed.length, emailKeys.length]).toEqual([2, 2]);
    await business.unmerge(survivor._id, { loserId: middle._id });
    await expectFound(business, middle, middle._id);
    await expectFound(business, loser, middle._id);
    expect(await linkOf(survivor._id)).not.toHaveProperty('emailKeys');
  });

  it('makes the parts of one key only again, which a merge with an older loser brought', async () => {
    const business = aBusiness();
    const [middle, loser] = [await added(business), await added(business)];
    await merging(business, middle._id, loser._id);
    useKeyring(TURNED);
    const survivor = await added(business);
    await merging(business, survivor._id, middle._id);
    expect((await linkOf(survivor._id)).keyUse).toMatch(/^k1\+k2\|/);
    await reencrypting();
    useKeyring(DROPPED);
    for (const one of [survivor, middle, loser]) await expectFound(business, one, survivor._id);
  });

  it('finds the losers of merges from before survivors took anything over', async () => {
    const business = aBusiness();
    const { survivor, middle, loser } = await aChain(business);
    for (const one of [survivor, middle]) await asBefore(business, one);
    expect((await business.lookUp({ email: loser.email })).status).toBe(404);
    expect(await reencrypting()).toMatchObject({ rewritten: 2, troubles: [] });
    for (const one of [survivor, middle, loser]) await expectFound(business, one, survivor._id);
  });

  it.each(['email', 'phone'] as const)(
    'leaves the %s of a loser to the customer who has it now',
    async (field) => {
      const business = aBusiness();
      const { survivor, middle, loser } = await aChain(business);
      for (const one of [survivor, middle]) await asBefore(business, one);
      const other = await added(business, { [field]: loser[field] });
      expect(await reencrypting()).toMatchObject({ rewritten: 2, troubles: [], left: [] });
      expect((await business.lookUp({ [field]: loser[field] })).body._id).toBe(other._id);
      const left = field === 'email' ? 'phone' : 'email';
      expect((await business.lookUp({ [left]: loser[left] })).body._id).toBe(survivor._id);
      const { items } = (await business.find({ phrase: 'zofia', state: 'active' })).body;
      expect(items.map(({ _id }: any) => _id)).toEqual([survivor._id]);
    },
  );

  it('forgets a loser that was purged', async () => {
    const business = aBusiness();
    const survivor = await added(business, { customerType: 'new', email: null });
    const loser = await added(business);
    await merging(business, survivor._id, loser._id, { fields: { email: 'survivor' } });
    await makeDue(service, business, loser._id);
    await run(purge, { largestShare: 1 });
    expect((await business.lookUp({ email: loser.email })).body._id).toBe(survivor._id);
    useKeyring(TURNED);
    expect(await reencrypting()).toMatchObject({ troubles: [], mayBeDropped: ['k1'] });
    const link = await linkOf(survivor._id);
    for (const name of ['absorbed', 'emailKeys']) expect(link).not.toHaveProperty(name);
    expect((await business.create(aCustomer({ email: loser.email }))).status).toBe(201);
  });
});
