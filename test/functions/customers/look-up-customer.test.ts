import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { useService } from '#test/support/service.ts';

const service = useService('look-up-customer');
const NOT_FOUND = [404, 'customer-not-found'] as const;

describe('GET /api/v1/customer/lookup', () => {
  it.each([
    ['email', 'ANNA.x@Example.COM'],
    ['phone', '+48 (512) 345-678'],
    ['phone', '0048512345678'],
  ])('finds the live customer by %s however it is spelt: %s', async (by, spelt) => {
    const business = aBusiness();
    const customer = await added(business, { email: 'Anna.X@example.com', phone: '48512345678' });
    const { status, headers, body } = await business.lookUp({ [by]: spelt });
    expect([status, headers['etag'], body]).toEqual([200, '"0"', customer]);
  });

  it('looks for the email first, then for the phone', async () => {
    const business = aBusiness();
    const one = await added(business);
    const other = await added(business);
    expect((await business.lookUp({ email: one.email, phone: other.phone })).body._id).toBe(one._id);
    const unknown = 'nobody@example.com';
    expect((await business.lookUp({ email: unknown, phone: other.phone })).body._id).toBe(other._id);
  });

  it('finds the newest where a setting allows several', async () => {
    const business = aBusiness();
    await business.chooseSettings({ uniqueEmail: false });
    const { email } = await added(business);
    const newest = await added(business, { email });
    expect((await business.lookUp({ email })).body._id).toBe(newest._id);
  });

  it('does not find a deleted customer', async () => {
    const business = aBusiness();
    const { _id, email, phone } = await added(business);
    await business.delete(_id);
    await expectRefused(service, () => business.lookUp({ email, phone }), NOT_FOUND);
  });

  it('does not find another business’s customer, and says of it what it says of nobody’s', async () => {
    const { email, phone } = await added(aBusiness());
    const foreign = await expectRefused(service, () => aBusiness().lookUp({ email, phone }), NOT_FOUND);
    const unknown = await aBusiness().lookUp({ email: 'nobody@b.example', phone: '48600100200' });
    const { instance: _, ...told } = foreign.body;
    expect(unknown.body).toEqual({ ...told, instance: unknown.body.instance });
    const { 'x-request-id': _own, ...headers } = unknown.headers;
    const { 'x-request-id': _other, ...foreignHeaders } = foreign.headers;
    expect(headers).toEqual(foreignHeaders);
    expect(told.detail).toBe('No live customer of this business has this email or phone.');
  });

  it('finds a whole email or phone only, never a beginning', async () => {
    const business = aBusiness();
    const { email, phone } = await added(business);
    await expectRefused(service, () => business.lookUp({ email: email.slice(0, -1) }), NOT_FOUND);
    await expectRefused(service, () => business.lookUp({ phone: phone.slice(0, -1) }), NOT_FOUND);
  });

  it.each([{ email: ' ' }, { email: '', phone: ' ' }, { phone: '++' }, { email: ' ', phone: ' ' }])(
    'finds nobody by %j, not even one who has neither',
    async (query) => {
      const business = aBusiness();
      await added(business, { email: null, phone: null, customerType: 'new' });
      await expectRefused(service, () => business.lookUp(query), NOT_FOUND);
    },
  );

  it.each([
    {},
    { email: '' },
    { email: '', phone: '' },
    { email: 'x'.repeat(255) },
    { phone: '1'.repeat(51) },
  ])('answers 400 for %j', async (query) => {
    await expectRefused(service, () => aBusiness().lookUp(query), [400, 'invalid-request']);
  });
});
