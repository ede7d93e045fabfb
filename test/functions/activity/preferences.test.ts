import { describe, expect, it } from '@jest/globals';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, type Answer, useService } from '#test/support/service.ts';
import { documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('preferences');
const NONE = { channel: null, language: null, services: null, specialists: null, invoicing: null };
const [CUT, ANNA] = ['1'.repeat(24), 'a'.repeat(24)];
const INVOICING = {
  name: 'Canary Ltd',
  taxId: 'PL 1',
  address: 'Canary 1',
  email: 'canary-books@example.com',
};
const ALL = { channel: 'sms', language: 'pl', services: [CUT], specialists: [ANNA], invoicing: INVOICING };

const linkOf = (customerId: string) => documentIn(service, 'customer_link', { customerId });
const preferencesOf = async (business: Business, id: string): Promise<unknown> => {
  const { status, body } = await business.preferences(id);
  expect(status).toBe(200);
  return body;
};

describe('preferences', () => {
  it('are all null where nothing is known', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    expect(await preferencesOf(business, _id)).toEqual(NONE);
  });

  it('are set as they are named, and cleared by null', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { status, body } = await business.prefer(_id, ALL);
    expect([status, body]).toEqual([200, ALL]);
    expect(await preferencesOf(business, _id.toUpperCase())).toEqual(ALL);
    await business.prefer(_id, { channel: null, invoicing: { taxId: null } });
    const changed = { ...ALL, channel: null, invoicing: { ...INVOICING, taxId: null } };
    expect(await preferencesOf(business, _id)).toEqual(changed);
  });

  it('are one entry of the history and one event; no version moves', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const { _id } = customer;
    await business.prefer(_id, ALL, { role: 'SPECIALIST', actor: 'desk-1' });
    expect((await business.get(_id)).body).toEqual(customer);
    const { verified, items } = (await business.history(_id)).body;
    expect(verified).toBe(true);
    expect(items.slice(1)).toEqual([
      expect.objectContaining({
        ...{ action: 'set-preferences', actor: 'desk-1', purpose: 'keep-data-accurate' },
        fields: ['channel', 'language', 'services', 'specialists', 'invoicing'].map(
          (one) => `preferences.${one}`,
        ),
      }),
    ]);
    const events = await documentsIn(service, 'outbox', { customerId: _id, type: 'customer-changed' });
    expect(events.map(({ version, pending }) => [version, pending])).toEqual([[0, true]]);
  });

  it('are stored encrypted, and leave no field behind', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.prefer(_id, ALL);
    const stored = (await linkOf(_id)).preferences;
    for (const text of [INVOICING.name, INVOICING.email, CUT])
      expect(Buffer.from(stored.buffer).includes(text)).toBe(false);
    await business.prefer(_id, NONE);
    expect(await linkOf(_id)).not.toHaveProperty('preferences');
  });

  it('are the same again: nothing is written', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await expectNothingWritten(service, () => business.prefer(_id, NONE));
    await business.prefer(_id, ALL);
    for (const same of [ALL, {}, { services: [CUT, CUT] }, { invoicing: { name: 'Canary Ltd' } }]) {
      const again = await expectNothingWritten(service, () => business.prefer(_id, same));
      expect([again.status, again.body]).toEqual([200, ALL]);
    }
  });

  it('are none of them lost when several are set at once', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const changes = Object.entries(ALL).map(([name, value]) => ({ [name]: value }));
    const answers = await Promise.all(changes.map((change) => business.prefer(_id, change)));
    expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
    expect(await preferencesOf(business, _id)).toEqual(ALL);
    expect((await business.history(_id)).body).toMatchObject({ verified: true });
  });

  it('of a merged id are those of the survivor, to be read and to be set', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await business.merge(survivor._id, { loserId: loser._id });
    expect((await business.prefer(loser._id, { language: 'uk' })).body.language).toBe('uk');
    for (const { _id } of [survivor, loser])
      expect(await preferencesOf(business, _id)).toEqual({ ...NONE, language: 'uk' });
    expect(await linkOf(loser._id)).not.toHaveProperty('preferences');
  });

  it('of a loser go to a survivor that lacks them, and back when the merge is undone', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await business.prefer(survivor._id, { language: 'uk', channel: 'push' });
    await business.prefer(loser._id, ALL);
    await business.merge(survivor._id, { loserId: loser._id });
    const united = { ...ALL, language: 'uk', channel: 'push' };
    expect(await preferencesOf(business, survivor._id)).toEqual(united);
    const { items, verified } = (await business.history(survivor._id)).body;
    expect([verified, items.at(-1).fields]).toEqual([
      true,
      expect.arrayContaining(['preferences.services', 'preferences.specialists', 'preferences.invoicing']),
    ]);
    await business.prefer(loser._id, { services: null });
    await business.prefer(survivor._id, { services: [ANNA] });
    await business.unmerge(survivor._id, { loserId: loser._id });
    expect(await preferencesOf(business, loser._id)).toEqual(ALL);
    expect(await preferencesOf(business, survivor._id)).toEqual({
      ...{ ...NONE, language: 'uk', channel: 'push', services: [ANNA] },
    });
    expect((await business.history(survivor._id)).body.verified).toBe(true);
  });

  it.each(['suspended', 'archived', 'deleted'])('are set for a customer in state %s', async (state) => {
    const business = aBusiness();
    const { _id } = await added(business, { state });
    expect((await business.prefer(_id, { language: 'da' })).body.language).toBe('da');
  });
});

describe('what is refused', () => {
  const refused: readonly (readonly [string, unknown, string, string])[] = [
    ['an unknown channel', { channel: 'pigeon' }, 'invalid-request', '#/channel'],
    ['a language that is none', { language: 'polski' }, 'invalid-request', '#/language'],
    ['a service without an id', { services: ['cut'] }, 'invalid-request', '#/services/0'],
    ['101 services', { services: Array.from({ length: 101 }, () => CUT) }, 'invalid-request', '#/services'],
    [
      'a name that is too long',
      { invoicing: { name: 'x'.repeat(201) } },
      'invalid-request',
      '#/invoicing/name',
    ],
    ['an email that is none', { invoicing: { email: 'nobody' } }, 'invalid-request', '#/invoicing/email'],
    ['an unknown field', { colour: 'red' }, 'unknown-field', '#/colour'],
    ['an unknown field of the invoice', { invoicing: { iban: 'x' } }, 'unknown-field', '#/invoicing/iban'],
  ];
  it.each(refused)('400 for %s, naming the place', async (_what, sent, code, pointer) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { body } = await expectRefused(service, () => business.prefer(_id, sent), [400, code]);
    expect(body.errors).toMatchObject([{ in: 'body', pointer }]);
  });

  it('404 for an unknown id and for one of another business, with equal answers', async () => {
    const business = aBusiness();
    const { _id: foreign } = await added(aBusiness());
    const ask: readonly ((id: string) => Promise<Answer>)[] = [
      (id) => business.preferences(id),
      (id) => business.prefer(id, ALL),
    ];
    for (const one of ask) {
      const answers = [aBusinessId(), foreign].map(async (id) => {
        const { body } = await expectRefused(service, () => one(id), [404, 'customer-not-found']);
        return { ...body, instance: '' };
      });
      const [unknown, ofAnother] = await Promise.all(answers);
      expect(ofAnother).toEqual(unknown);
    }
  });
});
