import { afterEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { USES_OF_A_LINK, USES_OF_ALL_LINKS } from '#lib/domain/access/link-budget.ts';
import { aGrant } from '#test/support/a-grant.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { keyringInUse, keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { expectNothingWritten } from '#test/support/stored.ts';
import { useService } from '#test/support/service.ts';
import { tokenOf, useLink } from '#test/support/unsubscribing.ts';

const service = useService('unsubscribe');

const linkOf = (id: string): Promise<any> =>
  service.database.collection('customer_link').findOne({ customerId: new Types.ObjectId(id) });
const inEffect = async (business: Business, id: string) => (await business.consents(id)).body.current;
const DONE = { status: 200, body: { unsubscribed: true } };

/** A customer who allowed marketing by email and by sms. */
const granting = async (business: Business, overrides = {}): Promise<any> => {
  const customer = await added(business, overrides);
  const { status } = await business.record(customer._id, [aGrant(), aGrant({ channel: 'sms' })]);
  if (status !== 200) throw new Error('The grant was refused.');
  return customer;
};

describe('POST /unsubscribe', () => {
  it('withdraws the purpose and the channel of the link, and no other', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    expect(await useLink(tokenOf(business, { customerId: _id }))).toMatchObject(DONE);
    expect(await inEffect(business, _id)).toMatchObject([
      {
        purpose: 'marketing',
        channel: 'email',
        granted: false,
        source: 'unsubscribe',
        lawfulBasis: 'consent',
        by: 'SERVICE',
      },
      { ...aGrant(), channel: 'sms' },
    ]);
    expect(await linkOf(_id)).toMatchObject({
      granted: ['marketing:sms'],
      refused: ['marketing:email'],
      mayReach: ['marketing:sms'],
    });
    const { items, verified } = (await business.history(_id)).body;
    expect(verified).toBe(true);
    expect(items.at(-1)).toMatchObject({
      action: 'record-consents',
      actor: 'link:unsubscribe',
      purpose: 'record-consent',
      fields: ['consent:marketing:email'],
    });
    const kept = await service.database
      .collection('suppression')
      .countDocuments({ businessId: new Types.ObjectId(business.businessId) });
    expect(kept).toBe(1);
  });

  it('answers the same again, and writes nothing', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    const token = tokenOf(business, { customerId: _id });
    const first = await useLink(token);
    await expectNothingWritten(service, async () => {
      expect((await useLink(token)).text).toBe(first.text);
      expect((await useLink(token, { headers: { 'idempotency-key': 'k' } })).text).toBe(first.text);
    });
  });

  it('is one withdrawal when many come at once', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    const token = tokenOf(business, { customerId: _id });
    const answers = await Promise.all(Array.from({ length: 8 }, () => useLink(token)));
    for (const answer of answers) expect(answer).toMatchObject(DONE);
    const { history } = (await business.consents(_id)).body;
    expect(history.filter(({ granted }: { granted: boolean }) => !granted)).toHaveLength(1);
  });

  it('withdraws again what was granted since', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    const token = tokenOf(business, { customerId: _id });
    await useLink(token);
    await business.record(_id, [aGrant({ textVersion: 'v2' })]);
    expect((await linkOf(_id)).mayReach).toContain('marketing:email');
    await useLink(token);
    expect((await linkOf(_id)).mayReach).not.toContain('marketing:email');
  });

  it('outweighs a grant with a time that is still to come', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.record(_id, [aGrant({ givenAt: new Date(Date.now() + 240_000).toISOString() })]);
    await useLink(tokenOf(business, { customerId: _id }));
    expect(await linkOf(_id)).toMatchObject({ refused: ['marketing:email'], mayReach: [] });
  });

  it('refuses what rests on the contract too', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await useLink(tokenOf(business, { customerId: _id, purpose: 'reminders', channel: 'sms' }));
    expect(await linkOf(_id)).toMatchObject({ refused: ['reminders:sms'] });
  });

  it.each([
    ['no body', { body: '', headers: {} }],
    [
      'a form in base64',
      { body: Buffer.from('List-Unsubscribe=One-Click').toString('base64'), isBase64Encoded: true },
    ],
    ['a multipart form', { body: '--x\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } }],
    [
      'bytes that are no text',
      { body: '/////w==', isBase64Encoded: true, headers: { 'content-type': 'image/png' } },
    ],
    ['broken JSON', { body: '{"a"', headers: { 'content-type': 'application/json' } }],
    ['other query parameters', { query: { utm_source: 'mail', pageSize: 'x' } }],
  ])('takes %s', async (_what, use) => {
    const business = aBusiness();
    const { _id } = await granting(business);
    expect(await useLink(tokenOf(business, { customerId: _id }), use)).toMatchObject(DONE);
    expect((await linkOf(_id)).refused).toEqual(['marketing:email']);
  });

  it('works for a link in an old message, after every rotation', async () => {
    const pepper = Buffer.alloc(32, 5).toString('base64');
    const before = JSON.parse(JSON.stringify({ ...keyringOf('k1'), pepper }));
    useKeyring(before);
    const business = aBusiness();
    const { _id } = await granting(business);
    const token = tokenOf(business, { customerId: _id });
    useKeyring({ ...keyringOf('k2', 'k1'), pepper });
    expect(await useLink(token)).toMatchObject(DONE);
    expect((await linkOf(_id)).refused).toEqual(['marketing:email']);
  });
});

describe('a customer of a link', () => {
  it('that is deleted is refused for too', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    await business.delete(_id);
    expect(await useLink(tokenOf(business, { customerId: _id }))).toMatchObject(DONE);
    expect((await linkOf(_id)).refused).toEqual(['marketing:email']);
  });

  it('that is erased, or never was, is answered the same, without effect', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    await business.erase(_id);
    await expectNothingWritten(service, async () => {
      for (const customerId of [_id, 'f'.repeat(24)])
        expect(await useLink(tokenOf(business, { customerId }))).toMatchObject(DONE);
    });
  });

  it('that was merged leads to the survivor, and stays refused when the merge is undone', async () => {
    const business = aBusiness();
    const survivor = await granting(business);
    const loser = await granting(business);
    await business.merge(survivor._id, { loserId: loser._id });
    expect(await useLink(tokenOf(business, { customerId: loser._id }))).toMatchObject(DONE);
    expect((await linkOf(survivor._id)).mayReach).toEqual(['marketing:sms']);
    expect((await business.unmerge(survivor._id, { loserId: loser._id })).status).toBe(200);
    expect((await linkOf(loser._id)).mayReach).toEqual(['marketing:sms']);
    for (const { _id } of [survivor, loser]) expect((await business.history(_id)).body.verified).toBe(true);
  });

  it('that was merged into one with the same address is refused for once', async () => {
    const business = aBusiness();
    await business.chooseSettings({ uniqueEmail: false });
    const survivor = await granting(business);
    const loser = await granting(business, { email: survivor.email });
    await business.merge(survivor._id, { loserId: loser._id });
    expect(await useLink(tokenOf(business, { customerId: loser._id }))).toMatchObject(DONE);
    for (const { _id } of [survivor, loser]) expect((await linkOf(_id)).refused).toEqual(['marketing:email']);
    const ofBusiness = { businessId: new Types.ObjectId(business.businessId) };
    expect(await service.database.collection('suppression').countDocuments(ofBusiness)).toBe(1);
  });
});

describe('a link that is not ours', () => {
  const refusedLink = async (token: string | undefined): Promise<void> => {
    const answer = await expectNothingWritten(service, () => useLink(token));
    expectProblem(answer, 400, 'invalid-request');
    expect(answer.body.errors).toMatchObject([{ in: 'query', pointer: '#/token' }]);
  };

  it('is answered 400 when it is absent, forged or cut', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    const token = tokenOf(business, { customerId: _id });
    const forged = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`;
    for (const bad of [
      undefined,
      '',
      'x',
      'ä',
      forged,
      token.slice(0, -4),
      `${token},${token}`,
      'A'.repeat(500),
    ])
      await refusedLink(bad);
  });

  it('is answered 400 when it is of another business', async () => {
    const [one, other] = [aBusiness(), aBusiness()];
    const { _id } = await granting(one);
    const bytes = Buffer.from(tokenOf(other, { customerId: _id }), 'base64url');
    Buffer.from(one.businessId, 'hex').copy(bytes, 1);
    await refusedLink(bytes.toString('base64url'));
    // What the other business signs for an id that it does not have is genuine, and reaches nobody.
    await expectNothingWritten(service, async () => {
      expect(await useLink(tokenOf(other, { customerId: _id }))).toMatchObject(DONE);
    });
  });

  it('is not counted: forged links use up no limit', async () => {
    const counted = () => service.database.collection('refusal_budget').countDocuments({});
    const before = await counted();
    for (let call = 0; call < 30; call += 1) await refusedLink(`forged${String(call)}`);
    expect(await counted()).toBe(before);
  });
});

describe('without a pepper', () => {
  const ring = keyringOf('k1');
  afterEach(() => {
    useKeyring(ring);
  });

  it('no link is ours', async () => {
    const business = aBusiness();
    useKeyring(ring);
    const { _id } = await granting(business);
    const token = tokenOf(business, { customerId: _id });
    const { pepper: _, ...bare } = ring;
    useKeyring(bare);
    expect(keyringInUse().pepper).toBeUndefined();
    expectProblem(await useLink(token), 400, 'invalid-request');
  });
});

describe('the limit of links', () => {
  it('is one for each link, and another for all of them, and none is that of a business', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    const other = await granting(business);
    const limits = service.database.collection('rate_limit');
    const lent = () => limits.findOne({ _id: new Types.ObjectId(business.businessId) });
    const before = await lent();
    const token = tokenOf(business, { customerId: _id });
    for (let use = 0; use < USES_OF_A_LINK.most; use += 1) expect((await useLink(token)).status).toBe(200);
    const refused = await useLink(token);
    expectProblem(refused, 429, 'rate-limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await useLink(tokenOf(business, { customerId: other._id }))).toMatchObject(DONE);
    expect(await lent()).toEqual(before);
  });

  it('counts links by a hash, and never keeps the token', async () => {
    const business = aBusiness();
    const { _id } = await granting(business);
    const token = tokenOf(business, { customerId: _id });
    await useLink(token);
    const kept = JSON.stringify(await service.database.collection('refusal_budget').find().toArray());
    expect(kept).toContain('"link:all"');
    expect(kept).not.toContain(token);
    expect(USES_OF_ALL_LINKS.most).toBeGreaterThan(USES_OF_A_LINK.most);
  });
});
