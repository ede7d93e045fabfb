import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { emailKeys } from '#lib/privacy/blind-index.ts';
import { keyIdOf, openText } from '#lib/privacy/field-cipher.ts';
import { parseKeyring } from '#lib/privacy/keyring.ts';
import { findOutdated } from '#lib/store/rotation/outdated.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { makeDue } from '#test/support/due.ts';
import { keyringOf, keysIn, useKeyring } from '#test/support/keyrings.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { shapesAtRest } from '#test/support/shape-at-rest.ts';
import { sealUnpadded } from '#test/support/unpadded-seal.ts';
import { aBusinessId, run, useService } from '#test/support/service.ts';
import { documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('reencrypt-customers');
const BEFORE = keyringOf('k1');
const ADDED = keyringOf('k1', 'k2');
const TURNED = keyringOf('k2', 'k1');
const DROPPED = keyringOf('k2');

const reencrypting = (input: object = {}, remainingMs?: number) =>
  run(reencryptCustomers, { settleMs: 0, ...input }, remainingMs);
const collection = (name: string) => service.database.collection(name);
const isVerified = async (business: Business, id: string) => (await business.history(id)).body.verified;
const hexOf = (stored: any): string => Buffer.from(stored.buffer).toString('hex');
const DONE = { outcome: 'finished', rewritten: 0, left: [], troubles: [] };

/** Each test begins with nothing stored and one key. */
beforeEach(async () => {
  for (const name of [
    'customer',
    'customer_link',
    'customer_audit',
    'erasure',
    'idempotency',
    'key_rotation',
    'merge',
  ])
    await collection(name).deleteMany({});
  useKeyring(BEFORE);
});

describe('the re-encryption', () => {
  it('has nothing to do while the keyring stays', async () => {
    await added(aBusiness());
    expect(await reencrypting()).toEqual({ ...DONE, currentKeyId: 'k1', settled: true, mayBeDropped: [] });
  });

  it('makes blind indexes with a key that was added, and rewrites nothing else', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    const [customer, entries] = [
      await documentIn(service, 'customer', { _id }),
      await documentsIn(service, 'customer_audit', { customerId: _id }),
    ];
    useKeyring(ADDED);
    expect(await reencrypting()).toMatchObject({ ...DONE, rewritten: 1, mayBeDropped: ['k2'] });
    const link = await documentIn(service, 'customer_link', { customerId: _id });
    expect(link.emailKeys.map(hexOf)).toEqual(
      emailKeys(keysIn(ADDED, business.businessId), email)
        .map((key) => key.toString('hex'))
        .sort(),
    );
    expect(await documentIn(service, 'customer', { _id })).toEqual(customer);
    expect(await documentsIn(service, 'customer_audit', { customerId: _id })).toEqual(entries);
  });

  it('leaves nothing that needs the old key', async () => {
    const business = aBusiness();
    const customer = await added(business, { firstName: 'Zoë' });
    const { _id, email, phone } = customer;
    await business.setState(_id, { state: 'suspended', reason: 'a private matter' });
    const { body: suspended } = await business.get(_id);
    useKeyring(TURNED);
    expect(await reencrypting()).toMatchObject({ ...DONE, rewritten: 1, mayBeDropped: ['k1'] });
    useKeyring(DROPPED);
    expect((await business.get(_id)).body).toEqual(suspended);
    expect((await business.lookUp({ email })).body).toEqual(suspended);
    expect((await business.lookUp({ phone })).body).toEqual(suspended);
    for (const phrase of ['zoe', phone.slice(-4), email.slice(0, 8)])
      expect((await business.find({ phrase })).body.items).toEqual([suspended]);
    const history = (await business.history(_id)).body;
    expect([history.verified, history.items[1].reason]).toEqual([true, 'a private matter']);
  });

  it('leaves the reason of a legal hold to be read without the old key', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.placeHold(_id, 'canary of a case at court');
    const { body: hold } = await business.hold(_id);
    useKeyring(TURNED);
    expect(await reencrypting()).toMatchObject({ ...DONE, rewritten: 1, mayBeDropped: ['k1'] });
    expect(await reencrypting()).toMatchObject(DONE);
    useKeyring(DROPPED);
    expect((await business.hold(_id)).body).toEqual(hold);
    expect((await business.history(_id)).body).toMatchObject({ verified: true });
  });

  it('leaves what undoes a merge to be undone without the old key', async () => {
    const business = aBusiness();
    const survivor = await added(business, { customerType: 'new', phone: null });
    const loser = await added(business);
    const loserId = loser._id;
    await business.merge(survivor._id, { loserId, fields: { note: 'loser' } });
    useKeyring(TURNED);
    expect(await reencrypting()).toMatchObject({ ...DONE, rewritten: 2, mayBeDropped: ['k1'] });
    expect(await reencrypting()).toMatchObject(DONE);
    useKeyring(DROPPED);
    const { status, body } = await business.unmerge(survivor._id, { loserId });
    expect([status, body.returned]).toEqual([200, ['phone', 'note']]);
    expect([body.customer.note, body.restored.phone]).toEqual([survivor.note, loser.phone]);
  });

  it('pads what an older version sealed without padding, and sorts its keyed hashes, with the same key', async () => {
    const business = aBusiness();
    // Texts of lengths that are no classes.
    const email = 'canary-before-padding@example.com';
    const survivor = await added(business, { customerType: 'new', phone: null, email });
    const loser = await added(business, { phone: '48512345678', note: 'a canary note of 28 letters.' });
    const [id, loserId] = [survivor._id, loser._id];
    await business.merge(id, { loserId, fields: { note: 'loser' } });
    const before = (await business.get(id)).body;
    const keys = keysIn(BEFORE, business.businessId);
    const textAsBefore = async (name: string, _id: unknown, field: string, id: string) => {
      const { [field]: stored } = await documentIn(service, name, { _id });
      const text = openText(keys, { collection: name, id }, stored.buffer);
      const sealed = sealUnpadded(keys, { purpose: 'text', place: `${name}|${id}` }, text);
      await collection(name).updateOne({ _id: _id as any }, { $set: { [field]: sealed } });
    };
    const fields = (['email', 'phone', 'note'] as const).map((field) => [
      field,
      sealUnpadded(keys, { purpose: 'field', place: `${id}|${field}` }, before[field]),
    ]);
    const _id = new Types.ObjectId(id);
    await collection('customer').updateOne({ _id }, { $set: Object.fromEntries(fields) });
    await textAsBefore('merge', new Types.ObjectId(loserId), 'given', loserId);
    const links = collection('customer_link');
    for (const customerId of [id, loserId]) {
      const link = await documentIn(service, 'customer_link', { customerId });
      await textAsBefore('customer_link', link._id, 'bodyDigest', customerId);
      const searchTokens = link.searchTokens.toReversed();
      await links.updateOne({ _id: link._id }, { $set: { searchTokens, keyUse: 'k1|k1' } });
    }
    expect((await business.get(id)).body).toEqual(before);
    expect((await shapesAtRest(service)).telling).toHaveLength(3 + 1 + 2 * 2);
    expect(await reencrypting()).toMatchObject({ ...DONE, rewritten: 2 });
    expect((await shapesAtRest(service)).telling).toEqual([]);
    expect((await business.get(id)).body).toEqual(before);
    expect((await business.unmerge(id, { loserId })).body.restored.note).toBe(loser.note);
  });

  it('changes nothing that a caller sees: no version, no time, no entry of the history', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const [before, history] = [await business.get(_id), await business.history(_id)];
    useKeyring(TURNED);
    await reencrypting();
    const after = await business.get(_id);
    const { 'x-request-id': _first, ...headersBefore } = before.headers;
    const { 'x-request-id': _second, ...headers } = after.headers;
    expect([after.body, headers]).toEqual([before.body, headersBefore]);
    expect((await business.history(_id)).body).toEqual(history.body);
  });

  it('knows the body again that a customer was created from', async () => {
    const business = aBusiness();
    const _id = aBusinessId();
    const body = aCustomer({ _id });
    await business.create(body);
    await business.change(_id, { note: 'edited since' });
    useKeyring(TURNED);
    await reencrypting();
    useKeyring(DROPPED);
    const again = await business.create(body);
    expect([again.status, again.body.note]).toEqual([200, 'edited since']);
  });

  it('takes the blind indexes of a dropped key away', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    useKeyring(TURNED);
    await reencrypting();
    useKeyring(DROPPED);
    expect(await reencrypting()).toMatchObject({ rewritten: 1, left: [] });
    const link = await documentIn(service, 'customer_link', { customerId: _id });
    expect(link.emailKeys.map(hexOf)).toEqual(
      emailKeys(keysIn(DROPPED, business.businessId), email).map((key) => key.toString('hex')),
    );
    expect(link.keyUse).toBe('k2|k2|4');
  });

  it('rewrites what is left of an erased customer', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await makeDue(service, business, _id);
    await run(purge, { largestShare: 1 });
    const before = await documentIn(service, 'erasure', { _id });
    useKeyring(TURNED);
    expect(await reencrypting({ dryRun: true })).toMatchObject({
      left: [{ keyId: 'k1', collection: 'erasure', records: 1 }],
    });
    expect(await reencrypting()).toMatchObject({ ...DONE, rewritten: 1 });
    const after = await documentIn(service, 'erasure', { _id });
    const entries = await documentsIn(service, 'customer_audit', { customerId: _id });
    expect(entries.map(({ keyId }) => keyId)).toEqual(['k2', 'k2']);
    expect(hexOf(after.auditHead)).toBe(hexOf(entries.at(-1).hash));
    expect(hexOf(after.auditHead)).not.toBe(hexOf(before.auditHead));
  });

  it('finds what a former version wrote, of which nobody knows the keys', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await collection('customer_link').updateMany({}, { $set: { keyUse: '' } });
    useKeyring(TURNED);
    expect(await reencrypting({ dryRun: true })).toMatchObject({
      left: [{ keyId: null, collection: 'customer_link', records: 1 }],
      mayBeDropped: [],
    });
    expect(await reencrypting()).toMatchObject({ ...DONE, rewritten: 1, mayBeDropped: ['k1'] });
    useKeyring(DROPPED);
    expect((await business.get(_id)).status).toBe(200);
  });

  it('takes up a rotation that another one interrupted', async () => {
    const business = aBusiness();
    const ids: string[] = [];
    for (const keyring of [BEFORE, TURNED, keyringOf('k3', 'k2', 'k1')]) {
      useKeyring(keyring);
      ids.push((await added(business))._id);
      await business.change(ids[0] ?? '', { note: `changed with ${keyring.current}` });
    }
    useKeyring(keyringOf('k4', 'k3', 'k2', 'k1'));
    const { left } = await reencrypting({ dryRun: true });
    expect(left.map(({ keyId, records }: any) => `${keyId} ${records}`).sort()).toEqual([
      'k1 1',
      'k2 2',
      'k3 2',
    ]);
    const { mayBeDropped } = await reencrypting();
    expect(mayBeDropped.sort()).toEqual(['k1', 'k2', 'k3']);
    useKeyring(keyringOf('k4'));
    for (const id of ids)
      expect([(await business.get(id)).status, await isVerified(business, id)]).toEqual([200, true]);
  });

  it('walks on to who was changed meanwhile, and leans on other keys since', async () => {
    const business = aBusiness();
    const ids = [await added(business), await added(business)].map(({ _id }) => _id).sort();
    useKeyring(TURNED);
    const walked: string[] = [];
    const ring = parseKeyring(JSON.stringify(TURNED));
    for await (const { customerIds } of findOutdated(
      { ring, size: 1 },
      aSystemScope('reencrypt-customers'),
    )) {
      walked.push(...customerIds);
      if (walked.length === 1) await business.change(ids[1] ?? '', { note: 'changed meanwhile' });
    }
    expect(walked).toEqual(ids);
  });

  it('does each once when copies run at once while customers are changed', async () => {
    const business = aBusiness();
    const customers = await Promise.all(Array.from({ length: 12 }, () => added(business)));
    useKeyring(TURNED);
    const changes = customers.map(({ _id }) => business.change(_id, { note: 'changed meanwhile' }));
    const runs = await Promise.all([1, 2].map(() => reencrypting({ batchSize: 5 })));
    expect((await Promise.all(changes)).map(({ status }) => status)).toEqual(customers.map(() => 200));
    expect(runs.map(({ outcome }) => outcome)).toEqual(['finished', 'finished']);
    expect(await reencrypting()).toMatchObject({ rewritten: 0, left: [] });
    useKeyring(DROPPED);
    for (const { _id } of customers) {
      expect((await business.get(_id)).body).toMatchObject({ note: 'changed meanwhile', _version: '1' });
      expect(await isVerified(business, _id)).toBe(true);
    }
  });
});

describe('the re-encryption stops', () => {
  it('before anything in a dry run, which tells what is left', async () => {
    await added(aBusiness());
    useKeyring(TURNED);
    const report = await expectNothingWritten(service, () => reencrypting({ dryRun: true }));
    expect(report).toEqual({
      outcome: 'dry-run',
      rewritten: 0,
      currentKeyId: 'k2',
      settled: true,
      left: [{ keyId: 'k1', collection: 'customer_link', records: 1 }],
      mayBeDropped: [],
      troubles: [],
    });
  });

  it('a minute before its time is over, to be taken up by the next run', async () => {
    await added(aBusiness());
    useKeyring(TURNED);
    expect(await reencrypting({}, 61_000)).toMatchObject({ outcome: 'out-of-time', rewritten: 0 });
    expect(await reencrypting()).toMatchObject({ outcome: 'finished', rewritten: 1 });
  });

  it.each([{ batchSize: 0 }, { batchSize: 501 }, { settleMs: -1 }, { dryRun: 'yes' }])(
    'when it is started with %j',
    async (input) => {
      await expectNothingWritten(service, async () => {
        await expect(reencrypting(input)).rejects.toThrow('reencrypt-customers failed');
      });
    },
  );
});

describe('a key may be dropped', () => {
  it('not before every environment works with the keyring', async () => {
    await added(aBusiness());
    useKeyring(TURNED);
    expect(await reencrypting({ settleMs: 60_000 })).toMatchObject({
      settled: false,
      left: [],
      mayBeDropped: [],
    });
    await collection('key_rotation').updateMany({}, { $set: { since: new Date(Date.now() - 120_000) } });
    expect(await reencrypting({ settleMs: 60_000 })).toMatchObject({ settled: true, mayBeDropped: ['k1'] });
    useKeyring(ADDED);
    expect(await reencrypting({ settleMs: 60_000 })).toMatchObject({ settled: false });
  });

  it('not while it seals an answer that may be asked for again', async () => {
    const business = aBusiness();
    const body = aCustomer();
    const headers = { 'idempotency-key': 'once' };
    const first = await business.create(body, { headers });
    useKeyring(TURNED);
    expect(await reencrypting()).toMatchObject({
      left: [{ keyId: 'k1', collection: 'idempotency', records: 1 }],
      mayBeDropped: [],
    });
    expect((await business.create(body, { headers })).text).toBe(first.text);
    await collection('idempotency').updateMany({}, { $set: { expiresAt: new Date() } });
    expect(await reencrypting()).toMatchObject({ left: [], mayBeDropped: ['k1'] });
  });
});

describe('what the re-encryption cannot rewrite, it reports:', () => {
  it('a broken history, which stays as it is, broken, while the rest is rewritten', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const healthy = await added(business);
    await business.change(_id, { note: 'second entry' });
    const entries = collection('customer_audit');
    await entries.updateOne(
      { customerId: new Types.ObjectId(_id), seq: 1 },
      { $set: { actor: 'somebody-else' } },
    );
    const before = await documentsIn(service, 'customer_audit', { customerId: _id });
    useKeyring(TURNED);
    const trouble = { businessId: business.businessId, customerId: _id, trouble: 'broken-history' };
    for (const rewritten of [2, 0]) {
      expect(await reencrypting()).toMatchObject({
        outcome: 'finished',
        rewritten,
        left: [{ keyId: 'k1', collection: 'customer_link', records: 1 }],
        mayBeDropped: [],
        troubles: [trouble],
      });
    }
    expect(await documentsIn(service, 'customer_audit', { customerId: _id })).toEqual(before);
    const sealed = await documentIn(service, 'customer', { _id });
    expect(keyIdOf(sealed.email.buffer)).toBe('k2');
    useKeyring(DROPPED);
    expect([(await business.get(_id)).status, await isVerified(business, _id)]).toEqual([200, false]);
    expect(await isVerified(business, healthy._id)).toBe(true);
  });

  it.each([
    ['a truncated history', { seq: 2 }],
    ['a history that is gone', {}],
  ])('%s', async (_what, gone) => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.change(_id, { note: 'second entry' });
    await collection('customer_audit').deleteMany({ customerId: new Types.ObjectId(_id), ...gone });
    useKeyring(TURNED);
    expect((await reencrypting()).troubles).toMatchObject([{ customerId: _id, trouble: 'broken-history' }]);
    expect(await isVerified(business, _id)).toBe(false);
  });

  it('a reason that was altered', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.setState(_id, { state: 'suspended', reason: 'r' });
    await collection('customer_audit').updateOne({ seq: 2 }, { $set: { reason: randomBytes(60) } });
    useKeyring(TURNED);
    expect((await reencrypting()).troubles).toMatchObject([{ customerId: _id, trouble: 'broken-history' }]);
  });

  it('a field that was altered', async () => {
    const { _id } = await added(aBusiness());
    await collection('customer').updateOne({}, { $set: { note: randomBytes(60) } });
    useKeyring(TURNED);
    expect((await reencrypting()).troubles).toMatchObject([{ customerId: _id, trouble: 'unreadable' }]);
  });

  it('what a key sealed that was dropped too early', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    useKeyring(DROPPED);
    expect(await reencrypting()).toMatchObject({
      left: [{ keyId: 'k1', collection: 'customer_link', records: 1 }],
      troubles: [{ customerId: _id, trouble: 'key-missing' }],
    });
    expectProblem(await business.get(_id), 500, 'internal-error');
    useKeyring(TURNED);
    expect(await reencrypting()).toMatchObject({ rewritten: 1, troubles: [] });
  });

  it('an email that two live customers hold, as when a key was dropped too early', async () => {
    const business = aBusiness();
    const { email } = await added(business);
    useKeyring(DROPPED);
    expect((await business.create(aCustomer({ email }))).status).toBe(201);
    useKeyring(TURNED);
    expect((await reencrypting()).troubles).toMatchObject([
      { trouble: 'duplicate' },
      { trouble: 'duplicate' },
    ]);
  });
});
