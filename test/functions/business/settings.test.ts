import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const service = useService('settings');

const DEFAULTS = {
  regularRequires: 'email-and-phone',
  uniqueEmail: true,
  uniquePhone: true,
  defaultCountry: 'PL',
  retentionDays: 90,
  archiveAfterDays: null,
};

describe('GET /api/v1/customer/settings', () => {
  it('answers the defaults to a business that never chose', async () => {
    const { status, body } = await aBusiness().settings();
    expect([status, body]).toEqual([200, DEFAULTS]);
  });
});

describe('PUT /api/v1/customer/settings', () => {
  it('sets what it names, leaves the rest, and is seen at once', async () => {
    const business = aBusiness();
    const chosen = { regularRequires: 'email-or-phone', retentionDays: 30 };
    const { status, body } = await business.chooseSettings(chosen);
    expect([status, body]).toEqual([200, { ...DEFAULTS, ...chosen }]);
    await business.chooseSettings({ defaultCountry: 'DE' });
    expect((await business.settings()).body).toEqual({ ...DEFAULTS, ...chosen, defaultCountry: 'DE' });
    expect((await aBusiness().settings()).body).toEqual(DEFAULTS);
  });

  it('holds for the next request of the same environment', async () => {
    const business = aBusiness();
    expect((await business.create(aCustomer({ phone: null }))).status).toBe(400);
    await business.chooseSettings({ regularRequires: 'email-or-phone' });
    expect((await business.create(aCustomer({ phone: null }))).status).toBe(201);
  });

  it('takes null as: keep deleted customers for ever', async () => {
    const business = aBusiness();
    await business.chooseSettings({ retentionDays: null });
    expect((await business.settings()).body.retentionDays).toBeNull();
  });

  it('makes a uniqueness that is switched on again pending', async () => {
    const business = aBusiness();
    expect((await business.chooseSettings({ uniqueEmail: false })).body.uniqueEmail).toBe(false);
    expect((await business.chooseSettings({ uniqueEmail: true })).body.uniqueEmail).toBe('pending');
    expect((await business.chooseSettings({ uniqueEmail: true })).body.uniqueEmail).toBe('pending');
    expect((await business.settings()).body.uniqueEmail).toBe('pending');
    expect((await business.chooseSettings({ uniqueEmail: false })).body.uniqueEmail).toBe(false);
  });

  it.each([{}, { uniqueEmail: true }, DEFAULTS])(
    'writes nothing when %j changes nothing',
    async (changes) => {
      const { status, body } = await expectNothingWritten(service, () => aBusiness().chooseSettings(changes));
      expect([status, body]).toEqual([200, DEFAULTS]);
    },
  );

  it('loses no choice when several are made at once', async () => {
    const business = aBusiness();
    const answers = await Promise.all([
      business.chooseSettings({ retentionDays: 10 }),
      business.chooseSettings({ defaultCountry: 'DE' }),
      business.chooseSettings({ uniquePhone: false }),
      business.chooseSettings({ regularRequires: 'email-or-phone' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await business.settings()).body).toEqual({
      ...DEFAULTS,
      retentionDays: 10,
      defaultCountry: 'DE',
      uniquePhone: false,
      regularRequires: 'email-or-phone',
    });
  });

  it.each([
    ['an unknown setting', { theme: 'dark' }, 'unknown-field', '#/theme'],
    ['no days', { retentionDays: 0 }, 'invalid-request', '#/retentionDays'],
    ['half a day', { retentionDays: 0.5 }, 'invalid-request', '#/retentionDays'],
    ['no days before the archive', { archiveAfterDays: 0 }, 'invalid-request', '#/archiveAfterDays'],
    [
      'too many days before the archive',
      { archiveAfterDays: 36_501 },
      'invalid-request',
      '#/archiveAfterDays',
    ],
    ['pending, which only we say', { uniqueEmail: 'pending' }, 'invalid-request', '#/uniqueEmail'],
    ['an unknown rule', { regularRequires: 'nothing' }, 'invalid-request', '#/regularRequires'],
    ['a country in small letters', { defaultCountry: 'pl' }, 'invalid-request', '#/defaultCountry'],
    ['a country that is none', { defaultCountry: 'XX' }, 'invalid-request', '#/defaultCountry'],
  ])('answers 400 for %s', async (_what, changes, code, pointer) => {
    const request = () => aBusiness().chooseSettings(changes);
    const answer = await expectRefused(service, request, [400, code]);
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer }]);
  });

  it('applies another time to keep to later deletions only', async () => {
    const business = aBusiness();
    const early = await added(business);
    await business.delete(early._id);
    await business.chooseSettings({ retentionDays: 1 });
    const late = await added(business);
    await business.delete(late._id);
    const links = service.database.collection('customer_link').find({ state: 'deleted' });
    const [first, second] = await links.sort({ createdKey: 1 }).toArray();
    expect(first?.['purgeAfter'].getTime() - second?.['purgeAfter'].getTime()).toBeGreaterThan(
      88 * 86_400_000,
    );
  });
});
