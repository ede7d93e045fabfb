import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { storeFormerPhone } from '#test/support/former-phone.ts';
import { keyringOf, keysIn, useKeyring } from '#test/support/keyrings.ts';
import { run, useService } from '#test/support/service.ts';

const service = useService('reencrypt-phones');
const RING = keyringOf('k1');
beforeEach(async () => {
  for (const name of ['customer', 'customer_link', 'customer_audit'])
    await service.database.collection(name).deleteMany({});
  useKeyring(RING);
});
const reencrypting = () => run(reencryptCustomers, { settleMs: 0 });

/** A customer as earlier versions stored it. */
const aFormer = async (business: Business, phone: string, settings: object = {}) => {
  await business.chooseSettings(settings);
  const customer = await added(business);
  await storeFormerPhone(service, { id: customer._id, phone }, keysIn(RING, business.businessId));
  return { ...customer, phone };
};

describe('phones of earlier versions', () => {
  it.each([
    ['512345678', '48512345678', '+48 512 345 678', {}],
    ['07400123456', '447400123456', '07400 123456', { defaultCountry: 'GB' }],
    ['48512345678', '48512345678', '+48 512 345 678', { defaultCountry: 'DE' }],
    ['5212221234567', '5212221234567', '+52 222 123 4567', {}],
  ])(
    '%s becomes %s with the re-encryption, without a new version',
    async (stored, phone, asked, settings) => {
      const business = aBusiness();
      const before = await aFormer(business, stored, settings);
      expect((await business.get(before._id)).body).toEqual(before);
      expect(await reencrypting()).toMatchObject({ rewritten: 1, troubles: [], left: [] });
      expect((await business.get(before._id)).body).toEqual({ ...before, phone });
      expect((await business.lookUp({ phone: asked })).body._id).toBe(before._id);
      expect((await business.find({ phrase: asked.slice(0, -2) })).body.items[0]._id).toBe(before._id);
      const again = await business.create(aCustomer({ phone: asked }));
      expect([again.status, again.body.existing._id]).toEqual([409, before._id]);
      expect((await business.history(before._id)).body.verified).toBe(true);
      expect(await reencrypting()).toMatchObject({ rewritten: 0 });
    },
  );

  it('is found as it was typed before the re-encryption too', async () => {
    const business = aBusiness();
    const { _id } = await aFormer(business, '512345678');
    expect((await business.lookUp({ phone: '512 345 678' })).body._id).toBe(_id);
  });

  it('stays as it is, and is reported, while another live customer has the same number', async () => {
    const business = aBusiness();
    const before = await aFormer(business, '512345678');
    const other = await added(business, { phone: '+48 512 345 678' });
    expect(await reencrypting()).toMatchObject({
      troubles: [{ businessId: business.businessId, customerId: before._id, trouble: 'duplicate' }],
    });
    expect((await business.get(before._id)).body).toEqual(before);
    expect((await business.merge(other._id, { loserId: before._id })).status).toBe(200);
    expect(await reencrypting()).toMatchObject({ troubles: [], left: [] });
    expect((await business.lookUp({ phone: '512345678' })).body._id).toBe(other._id);
  });
});
