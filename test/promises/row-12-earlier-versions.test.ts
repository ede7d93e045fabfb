import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { aBusiness } from '#test/support/a-business.ts';
import { keyringOf, keysIn, useKeyring } from '#test/support/keyrings.ts';
import { run, useService } from '#test/support/service.ts';
import {
  aHistory,
  aPurgedHistory,
  flawsIn,
  isVerified,
  putWorld,
  type Raw,
  toFormer,
  worldOf,
} from '#test/support/stored-histories.ts';

const service = useService('row-12-former');
const RING = keyringOf('k1');
const reencrypting = () => run(reencryptCustomers, { settleMs: 0 });
beforeEach(async () => {
  for (const name of ['customer', 'customer_link', 'customer_audit', 'erasure'])
    await service.database.collection(name).deleteMany({});
  useKeyring(RING);
});

describe('a history that an earlier version wrote', () => {
  const formerBusiness = async () => {
    const business = aBusiness();
    const [id, purged] = [await aHistory(business), await aPurgedHistory(service, business)];
    await toFormer(service, business, keysIn(RING, business.businessId));
    return { business, id, purged };
  };

  it('verifies as it did, also after a change, and in the current form after a re-encryption', async () => {
    const { business, id } = await formerBusiness();
    expect([await isVerified(business, id), await flawsIn(business)]).toEqual([true, []]);
    const { customer_link: before } = await worldOf(service, business);
    expect(before[0]).not.toHaveProperty('auditSeal');
    await business.change(id, { note: 'by the current version' });
    expect([await isVerified(business, id), await flawsIn(business)]).toEqual([true, []]);
    expect(await reencrypting()).toMatchObject({ outcome: 'finished', troubles: [], left: [] });
    const world = await worldOf(service, business);
    expect(world.customer_audit.map(({ form }) => form)).toEqual(world.customer_audit.map(() => 2));
    for (const head of [...world.customer_link, ...world.erasure]) expect(head['keyUse']).toBe('k1|k1|4');
    expect([await isVerified(business, id), await flawsIn(business)]).toEqual([true, []]);
    const { items } = (await business.history(id)).body;
    expect(items.map(({ reason }: any) => reason).filter(Boolean)).toEqual(['canary one', 'canary two']);
    expect(await reencrypting()).toMatchObject({ rewritten: 0 });
  });

  it('is not hashed again when it was tampered with', async () => {
    const { business, id, purged } = await formerBusiness();
    const world = await worldOf(service, business);
    const edited = world.customer_audit.map((one) => (one['seq'] === 2 ? { ...one, actor: 'x' } : one));
    await putWorld(service, business, { ...world, customer_audit: edited });
    const { troubles } = await reencrypting();
    for (const customerId of [id, purged])
      expect(troubles).toContainEqual(expect.objectContaining({ customerId, trouble: 'broken-history' }));
    expect(await isVerified(business, id)).toBe(false);
    expect((await flawsIn(business)).sort()).toEqual(
      [id, purged].sort().map((customerId) => `${customerId} broken-history`),
    );
  });

  it('is counted, until it is rewritten', async () => {
    const { business } = await formerBusiness();
    const { businessId } = business;
    expect(await run(verifyHistories, { businessId })).toMatchObject({ checked: 2, former: 2, flawed: [] });
    await reencrypting();
    expect(await run(verifyHistories, { businessId })).toMatchObject({ checked: 2, former: 0, flawed: [] });
  });

  /** Takes the marks of the current form from what is stored. */
  const unmarked = ({ form: _form, auditSeal: _seal, ...rest }: Raw): Raw => rest;

  it('is no way back: what the current version wrote does not verify without its marks', async () => {
    const business = aBusiness();
    const id = await aHistory(business);
    const world = await worldOf(service, business);
    for (const entries of [world.customer_audit, world.customer_audit.map(unmarked)]) {
      const customer_link = world.customer_link.map(unmarked);
      await putWorld(service, business, { ...world, customer_audit: entries, customer_link });
      expect(await isVerified(business, id)).toBe(false);
      expect(await flawsIn(business)).toEqual([`${id} broken-history`]);
    }
  });

  it('cannot be cut back to once the current version has added to it', async () => {
    const { business, id } = await formerBusiness();
    await business.change(id, { note: 'by the current version' });
    await business.change(id, { note: 'once more' });
    const world = await worldOf(service, business);
    const seventh = world.customer_audit.find((one) => String(one['customerId']) === id && one['seq'] === 8)!;
    await putWorld(service, business, {
      ...world,
      customer_audit: world.customer_audit.filter((one) => one['seq'] <= 8),
      customer_link: world.customer_link.map((link) => ({
        ...unmarked(link),
        auditSeq: 8,
        auditHead: seventh['hash'],
        version: 7,
      })),
    });
    expect(await isVerified(business, id)).toBe(false);
  });

  it('stays unverified when it is cut back, changed and re-encrypted', async () => {
    const business = aBusiness();
    const id = await aHistory(business);
    const world = await worldOf(service, business);
    const third = world.customer_audit.find(({ seq }) => seq === 3)!;
    await putWorld(service, business, {
      ...world,
      customer_audit: world.customer_audit.filter(({ seq }) => seq <= 3),
      customer_link: world.customer_link.map((link) => ({
        ...unmarked(link),
        auditSeq: 3,
        auditHead: third['hash'],
        keyUse: 'k1|k1|2',
      })),
    });
    expect((await business.change(id, { note: 'an honest change' })).status).toBe(200);
    expect((await reencrypting()).troubles).toMatchObject([{ customerId: id, trouble: 'broken-history' }]);
    expect(await flawsIn(business)).toEqual([`${id} broken-history`]);
  });
});
