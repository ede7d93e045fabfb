import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { metricsIn, linesWrittenBy } from '#test/support/captured-output.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { expectNothingWritten } from '#test/support/stored.ts';
import { aKeyring, useService } from '#test/support/service.ts';

const service = useService('record-consents');
const DAY_MS = 24 * 60 * 60_000;

const draft = (parts: Readonly<Record<string, unknown>> = {}) => ({
  purpose: 'marketing',
  channel: 'email',
  granted: true,
  source: 'desk',
  lawfulBasis: 'consent',
  textVersion: 'v1',
  ...parts,
});
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
const grantOf = (days: number, parts = {}) => draft({ givenAt: daysAgo(days), ...parts });
const refusalOf = (days: number, parts = {}) => grantOf(days, { granted: false, ...parts });

const linkOf = (id: string): Promise<any> =>
  service.database.collection('customer_link').findOne({ customerId: new Types.ObjectId(id) });
const countOf = (collection: string, filter = {}): Promise<number> =>
  service.database.collection(collection).countDocuments(filter);
const keptFor = ({ businessId }: Business): Promise<any[]> =>
  service.database
    .collection('suppression')
    .find({ businessId: new Types.ObjectId(businessId) })
    .toArray();

describe('a consent', () => {
  it('is recorded, with a history entry, an event and what is in effect on the link', async () => {
    const business = aBusiness();
    const before = await added(business);
    const sent = [draft(), draft({ channel: 'sms', granted: false, source: 'phone' })];
    const { status, body } = await business.record(before._id, sent);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      added: 2,
      current: [
        { purpose: 'marketing', channel: 'sms', granted: false, source: 'phone', by: 'OWNER', proven: true },
        { purpose: 'marketing', channel: 'email', granted: true, textVersion: 'v1', proven: true },
      ],
    });
    expect(body.current[0].givenAt).toBe(body.current[0].recordedAt);
    expect(await linkOf(before._id)).toMatchObject({
      granted: ['marketing:email'],
      refused: ['marketing:sms'],
      mayReach: ['marketing:email'],
      version: Number(before._version),
    });
    expect((await business.get(before._id)).body).toEqual(before);
    const { items, verified } = (await business.history(before._id)).body;
    expect(verified).toBe(true);
    expect(items.at(-1)).toMatchObject({
      action: 'record-consents',
      purpose: 'record-consent',
      fields: ['consent:marketing:email', 'consent:marketing:sms'],
    });
    const events = await service.database
      .collection('outbox')
      .find({ customerId: new Types.ObjectId(before._id) })
      .sort({ _id: 1 })
      .toArray();
    expect(events.map(({ type }) => type)).toEqual(['customer-created', 'consent-changed']);
    expect(events[0]).not.toHaveProperty('about');
    expect(events[1]?.['about']).toEqual({
      changes: [
        { purpose: 'marketing', channel: 'sms', granted: false },
        { purpose: 'marketing', channel: 'email', granted: true },
      ],
    });
  });

  it('that repeats an earlier one adds nothing and writes nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const sent = [grantOf(1), draft({ purpose: 'feedback' })];
    await business.record(_id, sent);
    const again = await expectNothingWritten(service, () => business.record(_id, sent));
    expect(again).toMatchObject({ status: 200, body: { added: 0 } });
    expect(again.body.current).toHaveLength(2);
  });

  it('that is older than the one in effect is added and changes nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.record(_id, [refusalOf(1)]);
    const { status, body } = await business.record(_id, [grantOf(2)]);
    expect([status, body.added, body.current]).toMatchObject([200, 1, [{ granted: false }]]);
    expect(await linkOf(_id)).toMatchObject({ granted: [], refused: ['marketing:email'], mayReach: [] });
    const events = await service.database
      .collection('outbox')
      .find({ customerId: new Types.ObjectId(_id), type: 'consent-changed' })
      .sort({ _id: 1 })
      .toArray();
    // The event says what is in effect, so that nobody takes the older grant for it.
    const stillRefused = { changes: [{ purpose: 'marketing', channel: 'email', granted: false }] };
    expect(events.map((event) => event['about'])).toEqual([stillRefused, stillRefused]);
  });

  it('of two requests at the same time loses neither', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const purposes = ['aa', 'bb', 'cc', 'dd'];
    const answers = await Promise.all(purposes.map((purpose) => business.record(_id, [draft({ purpose })])));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await linkOf(_id)).granted).toEqual(purposes.map((purpose) => `${purpose}:email`));
    expect((await business.history(_id)).body.verified).toBe(true);
  });
});

describe('a request that is no consent', () => {
  const { purpose: _, ...withoutPurpose } = draft();
  it.each<[string, unknown, string, string]>([
    ['nothing', undefined, 'invalid-request', '#/consents'],
    ['null', null, 'invalid-request', '#/consents'],
    ['one statement instead of a list', draft(), 'invalid-request', '#/consents'],
    ['no statement', [], 'invalid-request', '#/consents'],
    [
      '21 statements',
      Array.from({ length: 21 }, (_, days) => refusalOf(days)),
      'invalid-request',
      '#/consents',
    ],
    ['a text', ['marketing:email'], 'invalid-request', '#/consents/0'],
    ['a list in the list', [[draft()]], 'invalid-request', '#/consents/0'],
    ['an unknown field', [draft({ mood: 'good' })], 'unknown-field', '#/consents/0/mood'],
    [
      'what only the service sets',
      [draft({ recordedAt: daysAgo(1) })],
      'unknown-field',
      '#/consents/0/recordedAt',
    ],
    ['no purpose', [withoutPurpose], 'invalid-request', '#/consents/0/purpose'],
    ['a purpose in capitals', [draft({ purpose: 'Marketing' })], 'invalid-request', '#/consents/0/purpose'],
    ['a purpose of one letter', [draft({ purpose: 'm' })], 'invalid-request', '#/consents/0/purpose'],
    ['an unknown channel', [draft({ channel: 'fax' })], 'invalid-request', '#/consents/0/channel'],
    ['a word for yes', [draft({ granted: 'yes' })], 'invalid-request', '#/consents/0/granted'],
    [
      'a sentence as the source',
      [draft({ source: 'at the desk' })],
      'invalid-request',
      '#/consents/0/source',
    ],
    ['an unknown basis', [draft({ lawfulBasis: 'because' })], 'invalid-request', '#/consents/0/lawfulBasis'],
    [
      'a sentence as the proof',
      [draft({ proofRef: 'Anna said so on the phone' })],
      'invalid-request',
      '#/consents/0/proofRef',
    ],
    [
      'a proof of 101 characters',
      [draft({ proofRef: 'p'.repeat(101) })],
      'invalid-request',
      '#/consents/0/proofRef',
    ],
    [
      'a sentence as the text',
      [draft({ textVersion: 'I agree' })],
      'invalid-request',
      '#/consents/0/textVersion',
    ],
    ['a day without a time', [draft({ givenAt: '2024-05-31' })], 'invalid-request', '#/consents/0/givenAt'],
    [
      'a time before 1990',
      [draft({ givenAt: '1989-12-31T23:59:59.999Z' })],
      'invalid-request',
      '#/consents/0/givenAt',
    ],
    [
      'a time ahead',
      [draft({ givenAt: new Date(Date.now() + 6 * 60_000).toISOString() })],
      'invalid-request',
      '#/consents/0/givenAt',
    ],
    [
      'a good and a bad statement',
      [draft(), draft({ givenAt: '1989-01-01T00:00:00.000Z' })],
      'invalid-request',
      '#/consents/1/givenAt',
    ],
  ])('with %s is 400, names what is wrong, and records nothing', async (_name, consents, code, pointer) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const request = () => business.record(_id, consents as readonly unknown[]);
    const { body } = await expectRefused(service, request, [400, code]);
    expect(body.errors.map((error: any) => error.pointer)).toContain(pointer);
  });

  it('about a time may be 4 minutes ahead', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const givenAt = new Date(Date.now() + 4 * 60_000).toISOString();
    expect((await business.record(_id, [draft({ givenAt })])).status).toBe(200);
  });

  it('for an unknown and for a foreign customer is 404, with equal answers', async () => {
    const [business, other] = [aBusiness(), aBusiness()];
    const { _id: foreign } = await added(other);
    const unknown = 'f'.repeat(24);
    const answersOn = async (id: string) => {
      const requests = [
        () => business.record(id, [draft()]),
        () => business.record(id, [draft({ granted: false })]),
        () => business.consents(id),
      ];
      const answers = [];
      for (const request of requests) {
        const { body, headers } = await expectRefused(service, request, [404, 'customer-not-found']);
        const { instance: _, ...same } = body;
        answers.push({ same, headers: Object.keys(headers) });
      }
      return answers;
    };
    expect(await answersOn(foreign)).toEqual(await answersOn(unknown));
  });
});

describe('a deleted customer', () => {
  it('may refuse, but grants nothing', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.delete(_id);
    const mixed = () => business.record(_id, [draft({ channel: 'sms', granted: false }), draft()]);
    await expectRefused(service, mixed, [409, 'illegal-transition']);
    expect((await business.record(_id, [draft({ granted: false })])).body.added).toBe(1);
    expect(await linkOf(_id)).toMatchObject({ refused: ['marketing:email'] });
    expect((await business.history(_id)).body.verified).toBe(true);
  });
});

describe('a refusal', () => {
  it('is kept for the address as one hash, the latest time of it, and no more', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business, { email: 'Anna.Refuses@Example.com' });
    const { _id: other } = await added(business);
    await business.record(_id, [refusalOf(3), refusalOf(2, { channel: 'post' })]);
    const [kept, ...more] = await keptFor(business);
    expect(more).toEqual([]);
    expect(Object.keys(kept).sort()).toEqual(['_id', 'at', 'businessId', 'key']);
    expect(kept.key.buffer).toHaveLength(32);
    await business.record(_id, [refusalOf(1), refusalOf(5)]);
    const { current } = (await business.consents(_id)).body;
    const latest = current.find(({ channel }: any) => channel === 'email').givenAt;
    expect(await keptFor(business)).toEqual([{ ...kept, at: new Date(latest) }]);
    expect(email).toBe('Anna.Refuses@Example.com');
    expect(other).not.toBe(_id);
  });

  it('outlives its customer: only a newer grant passes, and removes it', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business, { email: 'again@example.com' });
    await business.record(_id, [refusalOf(2)]);
    await business.delete(_id);
    const { _id: again } = await added(business, { email: email.toUpperCase() });
    await expectRefused(service, () => business.record(again, [grantOf(3)]), [409, 'suppressed']);
    const whole = () => business.record(again, [grantOf(3), draft({ purpose: 'feedback' })]);
    await expectRefused(service, whole, [409, 'suppressed']);
    expect((await business.record(again, [grantOf(3, { purpose: 'feedback' })])).status).toBe(200);
    expect((await business.record(again, [grantOf(1)])).body).toMatchObject({ added: 1 });
    expect(await keptFor(business)).toEqual([]);
    expect((await linkOf(again)).mayReach).toEqual(['feedback:email', 'marketing:email']);
  });

  it('is kept for sms and phone by the number, however it is written, and not across businesses', async () => {
    const [business, other] = [aBusiness(), aBusiness()];
    await business.chooseSettings({ uniquePhone: false });
    const { _id } = await added(business, { phone: '+48 512 345 679' });
    await business.record(_id, [refusalOf(2, { channel: 'sms' }), refusalOf(2, { channel: 'phone' })]);
    const { _id: same } = await added(business, { phone: '0048512345679' });
    for (const channel of ['sms', 'phone'])
      await expectRefused(service, () => business.record(same, [grantOf(3, { channel })]), [
        409,
        'suppressed',
      ]);
    const { _id: elsewhere } = await added(other, { phone: '+48 512 345 679' });
    expect((await other.record(elsewhere, [grantOf(3, { channel: 'sms' })])).status).toBe(200);
  });

  it('goes with its customer to a new address', async () => {
    const business = aBusiness();
    const { _id } = await added(business, { email: 'first@example.com' });
    await business.record(_id, [refusalOf(2)]);
    expect((await business.change(_id, { email: 'second@example.com' })).status).toBe(200);
    expect(await keptFor(business)).toHaveLength(2);
    expect((await business.change(_id, { email: 'SECOND@example.com', note: 'x' })).status).toBe(200);
    expect(await keptFor(business)).toHaveLength(2);
    await business.delete(_id);
    const { _id: next } = await added(business, { email: 'second@example.com' });
    await expectRefused(service, () => business.record(next, [grantOf(3)]), [409, 'suppressed']);
  });

  it('takes the reach of a customer who moves to the address, and never the change', async () => {
    const business = aBusiness();
    const { _id: refused } = await added(business, { email: 'refused@example.com' });
    await business.record(refused, [refusalOf(1)]);
    await business.delete(refused);
    const { _id } = await added(business, { email: 'open@example.com' });
    await business.record(_id, [grantOf(2), grantOf(2, { channel: 'sms' })]);
    expect((await linkOf(_id)).mayReach).toEqual(['marketing:email', 'marketing:sms']);
    expect((await business.change(_id, { email: 'refused@example.com' })).status).toBe(200);
    expect(await linkOf(_id)).toMatchObject({
      granted: ['marketing:email', 'marketing:sms'],
      mayReach: ['marketing:sms'],
    });
    const { current } = (await business.consents(_id)).body;
    expect(current).toHaveLength(2);
    expect(current.find(({ channel }: any) => channel === 'email').suppressed).toBe(true);
    expect(current.find(({ channel }: any) => channel === 'sms').suppressed).toBeUndefined();
    expect((await business.record(_id, [draft()])).body.added).toBe(1);
    expect((await linkOf(_id)).mayReach).toEqual(['marketing:email', 'marketing:sms']);
    await business.change(_id, { email: null, customerType: 'unregistered' });
    expect((await linkOf(_id)).mayReach).toEqual(['marketing:sms']);
    await business.change(_id, { email: 'open@example.com' });
    expect((await linkOf(_id)).mayReach).toEqual(['marketing:email', 'marketing:sms']);
  });

  it('takes the reach of others with the address, and of nobody else', async () => {
    const [business, other] = [aBusiness(), aBusiness()];
    for (const one of [business, other]) await one.chooseSettings({ uniqueEmail: false });
    const email = 'house@example.com';
    const { _id } = await added(business, { email });
    const { _id: old } = await added(business, { email: email.toUpperCase() });
    const { _id: recent } = await added(business, { email });
    const { _id: moved } = await added(business, { email: 'moved@example.com' });
    const { _id: merged } = await added(business, { email });
    const { _id: elsewhere } = await added(other, { email });
    for (const id of [old, moved]) await business.record(id, [grantOf(3), grantOf(3, { channel: 'push' })]);
    await business.record(recent, [grantOf(1)]);
    await other.record(elsewhere, [grantOf(3)]);
    // It is found by the address of the merged one, and has another one of its own.
    expect((await business.merge(moved, { loserId: merged })).status).toBe(200);
    expect((await business.record(_id, [refusalOf(2)])).status).toBe(200);
    expect((await linkOf(old)).mayReach).toEqual(['marketing:push']);
    for (const id of [recent, elsewhere]) expect((await linkOf(id)).mayReach).toEqual(['marketing:email']);
    expect((await linkOf(moved)).mayReach).toEqual(['marketing:email', 'marketing:push']);
    expect((await linkOf(old)).granted).toEqual(['marketing:email', 'marketing:push']);
    expect((await business.history(old)).body.verified).toBe(true);
  });

  it('takes the reach of a customer who changes at the same moment', async () => {
    const business = aBusiness();
    await business.chooseSettings({ uniqueEmail: false });
    const { _id, email } = await added(business);
    const { _id: same } = await added(business, { email });
    await business.record(same, [grantOf(3)]);
    const both = await Promise.all([
      business.record(_id, [refusalOf(2)]),
      business.patch(same, { note: 'Canary at the same moment' }),
      business.record(same, [grantOf(3, { channel: 'push' })]),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await linkOf(same)).mayReach).toEqual(['marketing:push']);
    expect((await business.history(same)).body.verified).toBe(true);
  });

  it('is recorded without a pepper too, is not kept for the address, and an alarm says so', async () => {
    const { pepper: _, ...without } = aKeyring();
    useKeyring(without);
    const business = aBusiness();
    const { _id } = await added(business);
    const lines = await linesWrittenBy(async () => {
      expect((await business.record(_id, [refusalOf(1)])).body.added).toBe(1);
    });
    expect(metricsIn(lines)).toContain('PepperMissing');
    expect(await keptFor(business)).toEqual([]);
    const calm = await linesWrittenBy(async () => {
      expect((await business.record(_id, [draft(), draft({ channel: 'post', granted: false })])).status).toBe(
        200,
      );
    });
    expect(metricsIn(calm)).not.toContain('PepperMissing');
    useKeyring(keyringOf('k1'));
  });
});

describe('the consents of a merged customer', () => {
  it('are those of its survivor, for reading and recording', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await business.merge(survivor._id, { loserId: loser._id });
    expect((await business.record(loser._id, [draft()])).body.added).toBe(1);
    expect((await linkOf(survivor._id)).granted).toEqual(['marketing:email']);
    expect((await linkOf(loser._id)).granted).toBeUndefined();
    expect((await business.consents(loser._id)).body).toEqual((await business.consents(survivor._id)).body);
    expect(await countOf('consent', { customerId: new Types.ObjectId(loser._id) })).toBe(0);
  });
});

describe('a merge', () => {
  const merged = async (ofSurvivor: readonly unknown[], ofLoser: readonly unknown[]) => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    if (ofSurvivor.length > 0) await business.record(survivor._id, ofSurvivor);
    if (ofLoser.length > 0) await business.record(loser._id, ofLoser);
    const answer = await business.merge(survivor._id, { loserId: loser._id });
    expect(answer.status).toBe(200);
    return { business, survivor: survivor._id as string, loser: loser._id as string };
  };

  it('copies a refusal always, and a grant only where the survivor has said nothing', async () => {
    const { business, survivor, loser } = await merged(
      [grantOf(5), refusalOf(5, { channel: 'sms' })],
      [refusalOf(4), grantOf(4, { channel: 'sms' }), grantOf(4, { channel: 'push' })],
    );
    expect(await linkOf(survivor)).toMatchObject({
      granted: ['marketing:push'],
      refused: ['marketing:email', 'marketing:sms'],
      mayReach: ['marketing:push'],
    });
    const copies = await service.database
      .collection('consent')
      .find({ customerId: new Types.ObjectId(survivor), copiedFrom: new Types.ObjectId(loser) })
      .toArray();
    expect(copies.map(({ channel }) => channel).sort()).toEqual(['email', 'push']);
    expect((await business.consents(loser)).body.history).toHaveLength(4);
    expect((await business.history(survivor)).body.verified).toBe(true);
  });

  it('keeps a copied refusal for the address of the survivor', async () => {
    const { business, survivor } = await merged([], [refusalOf(4)]);
    expect(await keptFor(business)).toHaveLength(2);
    expect((await linkOf(survivor)).refused).toEqual(['marketing:email']);
  });

  it('that is undone takes copied grants back and leaves what was said since', async () => {
    const { business, survivor, loser } = await merged([], [grantOf(4), grantOf(4, { channel: 'push' })]);
    await business.record(survivor, [grantOf(1, { channel: 'push' })]);
    expect((await linkOf(survivor)).mayReach).toEqual(['marketing:email', 'marketing:push']);
    expect((await business.unmerge(survivor, { loserId: loser })).status).toBe(200);
    expect(await linkOf(survivor)).toMatchObject({
      granted: ['marketing:push'],
      refused: [],
      mayReach: ['marketing:push'],
    });
    expect((await linkOf(loser)).mayReach).toEqual(['marketing:email', 'marketing:push']);
    expect(await keptFor(business)).toEqual([]);
    await business.merge(survivor, { loserId: loser });
    expect((await linkOf(survivor)).mayReach).toEqual(['marketing:email', 'marketing:push']);
  });

  it('that is only tried copies nothing', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await business.record(loser._id, [refusalOf(1)]);
    const trial = () => business.merge(survivor._id, { loserId: loser._id, dryRun: true });
    expect((await expectNothingWritten(service, trial)).status).toBe(200);
  });

  it('brings the address of the loser with its reach', async () => {
    const business = aBusiness();
    const survivor = await added(business, { email: null, customerType: 'unregistered' });
    const loser = await added(business);
    await business.record(survivor._id, [grantOf(1)]);
    expect((await linkOf(survivor._id)).mayReach).toEqual([]);
    await business.merge(survivor._id, { loserId: loser._id });
    expect((await linkOf(survivor._id)).mayReach).toEqual(['marketing:email']);
    await business.unmerge(survivor._id, { loserId: loser._id });
    expect((await linkOf(survivor._id)).mayReach).toEqual([]);
  });
});

describe('SUPPORT', () => {
  it('may read consents, but record none', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const support = business.as({ role: 'SUPPORT' });
    expectProblem(await support.record(_id, [draft({ granted: false })]), 403, 'not-permitted');
    expect((await support.consents(_id)).body).toEqual({ current: [], history: [] });
  });
});
