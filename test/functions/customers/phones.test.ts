import { describe, expect, it } from '@jest/globals';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { useService } from '#test/support/service.ts';
import { countIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('phones');

const inCountry = async (defaultCountry: string): Promise<Business> => {
  const business = aBusiness();
  expect((await business.chooseSettings({ defaultCountry })).status).toBe(200);
  return business;
};
const found = async (business: Business, phrase: string) =>
  (await business.find({ phrase })).body.items.map(({ _id }: any) => _id);

describe('one number, written at home and abroad', () => {
  it.each([
    ['+48 512 345 678', '512 345 678', 'PL'],
    ['512 345 678', '+48 512 345 678', 'PL'],
    ['512 345 678', '48512345678', 'PL'],
    ['+1 212 555 0123', '(212) 555-0123', 'US'],
    ['+44 7400 123456', '07400 123456', 'GB'],
    ['07400 123456', '+44 (0)7400 123456', 'GB'],
    ['+52 1 222 123 4567', '+52 222 123 4567', 'MX'],
    ['+52 222 123 4567', '+52 1 222 123 4567', 'MX'],
    ['222 123 4567', '+52 1 222 123 4567', 'MX'],
    ['+54 9 11 2345 6789', '+54 11 2345 6789', 'AR'],
    ['+54 11 2345 6789', '011 15 2345-6789', 'AR'],
    ['8 (912) 345-67-89', '+7 912 345-67-89', 'RU'],
  ])('saved as %s, asked as %s in %s: found, and refused as a duplicate', async (saved, asked, country) => {
    const business = await inCountry(country);
    const { _id } = await added(business, { phone: saved });
    await added(business);
    expect((await business.lookUp({ phone: asked })).body._id).toBe(_id);
    expect(await found(business, asked)).toEqual([_id]);
    const again = await business.create(aCustomer({ phone: asked }));
    expect([again.status, again.body.code, again.body.existing]).toEqual([
      409,
      'duplicate-phone',
      { _id, state: 'active' },
    ]);
    const other = await added(business);
    expect((await business.change(other._id, { phone: asked })).body.code).toBe('duplicate-phone');
  });

  it.each([
    ['+52 1 222 123 4567', '+52 222 123 4567', 'MX'],
    ['+54 9 11 2345 6789', '+54 11 2345 6789', 'AR'],
    ['512 345 678', '+48 512 345 678', 'PL'],
  ])('%s and %s in %s are a pair where the business allows several', async (one, other, country) => {
    const business = await inCountry(country);
    await business.chooseSettings({ uniquePhone: false });
    const names = { firstName: 'Ola', lastName: 'Canary' };
    const ids = [
      (await added(business, { ...names, phone: one }))._id,
      (await added(business, { ...names, phone: other }))._id,
    ];
    const [pair] = (await business.duplicates()).body.items;
    expect(pair.customers.map(({ _id }: any) => _id)).toEqual(ids.toSorted());
    expect(pair.reasons).toContain('same-phone');
  });

  it('is found first as a national number of the business, and else as an international one', async () => {
    const business = await inCountry('DE');
    const abroad = await added(business, { phone: '+48 512 345 678' });
    expect((await business.lookUp({ phone: '48512345678' })).body._id).toBe(abroad._id);
    const atHome = await added(business, { phone: '48512345678' });
    expect(atHome.phone).toBe('4948512345678');
    expect((await business.lookUp({ phone: '48512345678' })).body._id).toBe(atHome._id);
    expect((await business.lookUp({ phone: '+48512345678' })).body._id).toBe(abroad._id);
    expect((await business.lookUp({ phone: '004848 512 345 678' })).status).toBe(404);
  });
});

describe('the plus of a phone', () => {
  it('is answered exactly when it was sent, by every route', async () => {
    const business = aBusiness();
    const { _id, phone } = await added(business, { phone: '+48 512 345 678' });
    expect(phone).toBe('+48512345678');
    const answers = async () => [
      (await business.get(_id)).body.phone,
      (await business.lookUp({ phone: '48512345678' })).body.phone,
      (await business.find({ phrase: '+48 512' })).body.items[0].phone,
      (await business.patch(_id, { note: null })).body.phone,
    ];
    expect(await answers()).toEqual(Array(4).fill('+48512345678'));
    expect((await business.change(_id, { phone: '48512345678' })).body.phone).toBe('48512345678');
    expect(await answers()).toEqual(Array(4).fill('48512345678'));
    expect((await business.patch(_id, { phone: '+48512345678' })).body.phone).toBe('+48512345678');
  });

  it.each(['+48512345678', '48512345678'])('changes nothing when %s is sent back', async (phone) => {
    const business = aBusiness();
    const before = await added(business, { phone });
    await business.chooseSettings({ defaultCountry: 'DE' });
    await expectNothingWritten(service, () => business.change(before._id, before));
    await expectNothingWritten(service, () => business.patch(before._id, { phone: before.phone }));
    expect((await business.get(before._id)).body).toEqual(before);
  });
});

describe('a phone that holds more, or something else, than one number', () => {
  it.each([
    ['+1 212 555 0123 ext. 5', 'phone-extension', 'put the extension into the note'],
    ['12 345 67 89 wew. 12', 'phone-extension', 'put the extension into the note'],
    ['12 345 67 89 / 90', 'phone-second-number', 'put the others into the note'],
    ['512-345-678, 12 345', 'phone-second-number', 'put the others into the note'],
    ['512 345 678 mama', 'phone-letters', 'put the words into the note'],
    ['4.8512345678E+10', 'phone-exponent', 'Write all of its digits'],
    ['48512345678.0', 'phone-decimal', 'Remove the zeros'],
    ['+48 (0) 12 34', 'phone-trunk-zero', 'Leave it out'],
    ['+4848512345678', 'phone-country-code-twice', 'Write it once'],
    ['5547778321', 'phone-format', 'with the country code'],
  ])('%s is refused: %s', async (phone, error, sentence) => {
    const business = aBusiness();
    const { _id } = await added(business);
    for (const answer of [
      await business.create(aCustomer({ phone })),
      await business.change(_id, { phone }),
      await business.patch(_id, { phone }),
      { ...(await business.bulk([{ create: aCustomer({ phone }) }])).body.results[0], bulk: true },
    ]) {
      const problem = answer.bulk === true ? answer.error : answer.body;
      expect([answer.status, problem.errors[0].pointer, problem.errors[0].error]).toEqual([
        400,
        '#/phone',
        error,
      ]);
      expect(problem.errors[0].message).toContain(sentence);
    }
    expect(await countIn(service, 'customer_link', { businessId: business.businessId })).toBe(1);
  });
});

describe('a phone in a search', () => {
  it.each([
    [
      '+48 512 345 678',
      'PL',
      ['512 345', '512', '51', '+48 512', '0048 512', '48512', 'tel:+48512345678', '5678'],
    ],
    ['+44 7400 123456', 'GB', ['07400 123456', '07400', '7400', '+44 (0)7400', '+44 (0)7400 123456', '3456']],
    ['+44 7400 123456', 'PL', ['07400', '7400', '+44 7400']],
    ['+7 912 345-67-89', 'RU', ['8912', '8 912 345', '912', '+7912']],
    ['+54 9 11 2345 6789', 'AR', ['11 2345', '9 11 2345', '+54 9 11 2', '+54 11 2']],
    ['+52 1 222 123 4567', 'MX', ['222 123', '+52 222', '+52 1 222']],
  ])('%s in %s is found by %j', async (phone, country, phrases) => {
    const business = await inCountry(country);
    const { _id } = await added(business, {
      phone,
      firstName: 'Ola',
      lastName: 'Canary',
      email: 'canary@b.example',
    });
    await added(business, { firstName: 'Ewa', lastName: 'Canary' });
    for (const phrase of phrases) expect([phrase, await found(business, phrase)]).toEqual([phrase, [_id]]);
    for (const phrase of phrases)
      expect([phrase, await found(business, `canary ${phrase}`)]).toEqual([phrase, [_id]]);
  });

  it('is not found by the beginning of another country’s number', async () => {
    const business = aBusiness();
    await added(business, { phone: '+48 512 345 678' });
    for (const phrase of ['+49 512', '+512', '+48 513', '0049512', '345 67'])
      expect([phrase, await found(business, phrase)]).toEqual([phrase, []]);
  });
});
