import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('merge-customer');
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Two customers of one business; the first lacks a phone. */
const aPair = async (business: Business, overrides = {}) => ({
  survivor: await added(business, { customerType: 'new', phone: null, note: null, ...overrides }),
  loser: await added(business),
});

describe('POST /api/v1/customer/{id}/merge', () => {
  it('gives the survivor what it lacks, deletes the loser and answers both', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aPair(business);
    const { status, body } = await business.merge(survivor._id, { loserId: loser._id.toUpperCase() });
    expect([status, body.taken, body.dryRun]).toEqual([200, ['phone', 'note'], false]);
    expect(body.loser).toEqual({ _id: loser._id, state: 'deleted' });
    const { phone, note } = loser;
    const { updatedAt } = body.customer;
    expect(body.customer).toEqual({ ...survivor, phone, note, _version: '1', updatedAt });
    expect(Date.parse(body.undoUntil) - Date.parse(updatedAt)).toBe(30 * DAY_MS);
    expect((await business.lookUp({ phone })).body._id).toBe(survivor._id);
  });

  it('lets the caller choose, so that emails change hands', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aPair(business);
    const fields = { email: 'loser', phone: 'survivor' };
    const { body } = await business.merge(survivor._id, { loserId: loser._id, fields });
    expect(body.customer).toMatchObject({ email: loser.email, phone: null });
    expect(body.taken).toEqual(['email', 'note']);
    expect(
      (await business.create({ firstName: 'B', customerType: 'new', email: survivor.email })).status,
    ).toBe(201);
    const withLosersPhone = { firstName: 'C', customerType: 'new', phone: loser.phone };
    const create = () => business.create(withLosersPhone);
    const { body: refusal } = await expectRefused(service, create, [409, 'duplicate-phone']);
    expect(refusal.existing._id).toBe(survivor._id);
  });

  it('answers the survivor where the loser is asked for, at the end of however many merges', async () => {
    const business = aBusiness();
    const [a, b, c] = [await added(business), await added(business), await added(business)];
    await business.merge(b._id, { loserId: a._id });
    await business.merge(c._id, { loserId: b._id });
    for (const { _id } of [a, b, c]) expect((await business.get(_id)).body._id).toBe(c._id);
    const { items } = (await business.find()).body;
    expect(items.map(({ state }: { state: string }) => state).sort()).toEqual([
      'active',
      'deleted',
      'deleted',
    ]);
    const page = await business.find({ updatedSince: '2026-01-01T00:00:00.000Z' });
    expect(page.body.totalSize).toBe(3);
  });

  it('goes into both histories, with the names of the fields, and tells other services of both', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aPair(business);
    await business.merge(survivor._id, { loserId: loser._id, reason: 'the same canary person' });
    const [mine, its] = [await business.history(survivor._id), await business.history(loser._id)];
    expect([mine.body.verified, its.body.verified]).toEqual([true, true]);
    const reason = 'the same canary person';
    expect(mine.body.items[1]).toMatchObject({ action: 'merge-customer', fields: ['phone', 'note'], reason });
    expect(its.body.items[1]).toMatchObject({ action: 'merged-into', from: 'active', to: 'deleted', reason });
    const events = await documentsIn(service, 'outbox', { businessId: business.businessId });
    const told = events.map(({ type, customerId }) => [type, customerId.toHexString()]);
    expect(told).toContainEqual(['customer-changed', survivor._id]);
    expect(told).toContainEqual(['customer-merged', loser._id]);
  });

  it('keeps what it takes to undo it sealed, and who goes into whom', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aPair(business);
    const { body } = await business.merge(survivor._id, { loserId: loser._id });
    const record = await documentIn(service, 'merge', { _id: loser._id });
    expect(Object.keys(record).sort()).toEqual(['_id', 'businessId', 'expiresAt', 'given', 'survivorId']);
    expect(record.expiresAt.toISOString()).toBe(body.undoUntil);
    const link = await documentIn(service, 'customer_link', { customerId: loser._id });
    expect([link.mergedInto.toHexString(), link.restoreTo]).toEqual([survivor._id, 'active']);
    expect([link.holdsEmail, link.holdsPhone]).toEqual([false, false]);
  });

  it.each([
    [1, 30],
    [90, 90],
    [null, null],
  ])('keeps the loser %s days or until it cannot be undone: %s', async (retentionDays, kept) => {
    const business = aBusiness();
    await business.chooseSettings({ retentionDays });
    const { survivor, loser } = await aPair(business);
    await business.merge(survivor._id, { loserId: loser._id });
    const { purgeAfter } = await documentIn(service, 'customer_link', { customerId: loser._id });
    const days = purgeAfter === undefined ? null : Math.round((purgeAfter - Date.now()) / DAY_MS);
    expect(days).toBe(kept);
  });

  it('writes nothing with dryRun, and answers what would be', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aPair(business);
    const body = { loserId: loser._id };
    const tried = await expectNothingWritten(service, () =>
      business.merge(survivor._id, { ...body, dryRun: true }),
    );
    const real = await business.merge(survivor._id, body);
    const { updatedAt } = real.body.customer;
    const { dryRun, undoUntil } = tried.body;
    expect(dryRun).toBe(true);
    expect({ ...tried.body.customer, updatedAt }).toEqual(real.body.customer);
    expect({ ...real.body, dryRun, undoUntil, customer: tried.body.customer }).toEqual(tried.body);
  });

  it('is done once under one Idempotency-Key', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aPair(business);
    const send = () =>
      business.merge(survivor._id, { loserId: loser._id }, { headers: { 'idempotency-key': 'once' } });
    const [first, again] = [await send(), await send()];
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('works while a uniqueness is pending, also for the twins it waits for', async () => {
    const business = aBusiness();
    await business.chooseSettings({ uniqueEmail: false });
    const survivor = await added(business, { customerType: 'new' });
    const loser = await added(business, { email: survivor.email });
    const third = await added(business);
    await business.chooseSettings({ uniqueEmail: true });
    expect((await business.settings()).body.uniqueEmail).toBe('pending');
    expect((await business.merge(survivor._id, { loserId: loser._id })).status).toBe(200);
    const fields = { email: 'loser' };
    const { status, body } = await business.merge(survivor._id, { loserId: third._id, fields });
    expect([status, body.customer.email]).toEqual([200, third.email]);
  });
});

describe('a merge is refused', () => {
  it('400 with itself, or with a body that says something else', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const merge = (body: unknown) => () => business.merge(_id, body);
    await expectRefused(service, merge({ loserId: _id }), [400, 'invalid-request']);
    await expectRefused(service, merge({}), [400, 'invalid-request']);
    const loserId = aBusinessId();
    await expectRefused(service, merge({ loserId, fields: { email: 'both' } }), [400, 'invalid-request']);
    await expectRefused(service, merge({ loserId, fields: { state: 'loser' } }), [400, 'unknown-field']);
  });

  it('404 for another business’s customer as for nobody’s, on either side', async () => {
    const business = aBusiness();
    const [mine, foreign] = [await added(business), await added(aBusiness())];
    for (const other of [foreign._id, aBusinessId()]) {
      const into = () => business.merge(mine._id, { loserId: other });
      const from = () => business.merge(other, { loserId: mine._id });
      await expectRefused(service, into, [404, 'customer-not-found']);
      await expectRefused(service, from, [404, 'customer-not-found']);
    }
  });

  it('409 when one of them is deleted, or the loser merged already', async () => {
    const business = aBusiness();
    const [live, merged, gone] = [await added(business), await added(business), await added(business)];
    await business.delete(gone._id);
    await business.merge(live._id, { loserId: merged._id });
    for (const { _id } of [merged, gone]) {
      const into = () => business.merge(live._id, { loserId: _id });
      const from = () => business.merge(_id, { loserId: live._id });
      const { body } = await expectRefused(service, into, [409, 'illegal-transition']);
      expect(body.detail).toMatch('already merged');
      await expectRefused(service, from, [409, 'illegal-transition']);
    }
  });

  it('409 under a legal hold of the loser', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aPair(business);
    const { customerId } = await documentIn(service, 'customer_link', { customerId: loser._id });
    await service.database
      .collection('customer_link')
      .updateOne({ customerId }, { $set: { legalHold: true } });
    const merge = () => business.merge(survivor._id, { loserId: loser._id });
    await expectRefused(service, merge, [409, 'legal-hold']);
  });

  it('400 when the result would break a rule, 412 on another version', async () => {
    const business = aBusiness();
    const { survivor: loser, loser: survivor } = await aPair(business);
    const phoneless = { loserId: loser._id, fields: { phone: 'loser' } };
    await expectRefused(service, () => business.merge(survivor._id, phoneless), [400, 'invalid-request']);
    const merge = (etag: string) =>
      business.merge(survivor._id, { loserId: loser._id }, { headers: { 'if-match': etag } });
    await expectRefused(service, () => merge('"7"'), [412, 'stale-version']);
    expect((await merge('"0"')).status).toBe(200);
  });
});

describe('a customer that was merged', () => {
  const aMergedOne = async () => {
    const business = aBusiness();
    const { survivor, loser } = await aPair(business);
    await business.merge(survivor._id, { loserId: loser._id });
    return { business, survivor, id: loser._id as string };
  };

  it.each([
    ['PATCH', (business: Business, id: string) => business.patch(id, { note: 'late' })],
    ['a move', (business: Business, id: string) => business.setState(id, { state: 'active' })],
    ['a restore', (business: Business, id: string) => business.restore(id)],
  ])('refuses %s and names the survivor', async (_what, change) => {
    const { business, survivor, id } = await aMergedOne();
    const { body } = await expectRefused(service, () => change(business, id), [409, 'merged-into']);
    expect([body.survivorId, body.message]).toEqual([
      survivor._id,
      'This customer was merged into another one. Change that one, or undo the merge.',
    ]);
  });

  it('names the survivor at the end of several merges', async () => {
    const { business, survivor, id } = await aMergedOne();
    const last = await added(business);
    await business.merge(last._id, { loserId: survivor._id });
    const { body } = await expectRefused(service, () => business.restore(id), [409, 'merged-into']);
    expect(body.survivorId).toBe(last._id);
  });

  it('refuses another business as it refuses any unknown id', async () => {
    const { id } = await aMergedOne();
    await expectRefused(service, () => aBusiness().restore(id), [404, 'customer-not-found']);
    await expectRefused(service, () => aBusiness().change(id, { note: 'a' }), [404, 'customer-not-found']);
  });

  it('is deleted: 200 without effect', async () => {
    const { business, survivor, id } = await aMergedOne();
    const { status, body } = await expectNothingWritten(service, () => business.delete(id));
    expect([status, body]).toEqual([200, { _id: id, state: 'deleted' }]);
    expect((await business.get(id)).body._id).toBe(survivor._id);
    expect(await countIn(service, 'merge', { _id: id })).toBe(1);
  });

  it('gives its late changes to the survivor, without a version, an entry or an event of its own', async () => {
    const { business, survivor, id } = await aMergedOne();
    const before = await documentIn(service, 'customer_link', { customerId: id });
    const events = await countIn(service, 'outbox', {});
    const { status, body, headers } = await business.change(id, { note: 'late', state: 'active' });
    expect([status, body._id, body.note, body.state]).toEqual([200, survivor._id, 'late', 'active']);
    expect(headers['etag']).toBe(`"${body._version as string}"`);
    expect((await business.get(id)).body).toEqual(body);
    const { items } = (await business.history(survivor._id)).body;
    expect(items.at(-1)).toMatchObject({ action: 'change-customer', fields: ['note'] });
    const after = await documentIn(service, 'customer_link', { customerId: id });
    const { updatedAt, updatedKey, ...others } = before;
    expect(after).toMatchObject(others);
    expect(after['updatedAt'].getTime()).toBeGreaterThanOrEqual(updatedAt.getTime());
    expect(after['updatedKey'] >= updatedKey).toBe(true);
    expect(await countIn(service, 'outbox', {})).toBe(events + 1);
  });

  it('is heard of by every offline copy after a late change, even if nothing differs', async () => {
    const { business, survivor, id } = await aMergedOne();
    const longAgo = new Date('2020-01-01T00:00:00.000Z');
    const links = service.database.collection('customer_link');
    const updatedKey = `${String(longAgo.getTime())}${id}`;
    await links.updateOne(
      { customerId: new Types.ObjectId(id) },
      { $set: { updatedAt: longAgo, updatedKey } },
    );
    const { status, body } = await business.change(id, {});
    expect([status, body._id]).toEqual([200, survivor._id]);
    const since = '2025-01-01T00:00:00.000Z';
    const { items } = (await business.find({ updatedSince: since, state: 'deleted' })).body;
    expect(items.map(({ _id, state }: any) => [_id, state])).toEqual([[id, 'deleted']]);
    expect(Date.parse(items[0].updatedAt)).toBeGreaterThan(Date.parse(since));
  });

  it('sets on the survivor only what differs from the own record of the merged one', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aPair(business);
    await business.merge(survivor._id, { loserId: loser._id });
    const { body: merged } = await business.get(loser._id);
    const sent = { ...loser, firstName: 'Late Canary', state: 'archived', stateHistory: loser.stateHistory };
    const { status, body } = await business.change(loser._id, sent);
    expect(status).toBe(200);
    const { _version, updatedAt, ...others } = merged;
    expect(body).toMatchObject({ ...others, firstName: 'Late Canary' });
  });

  it('compares If-Match with its own version', async () => {
    const { business, id } = await aMergedOne();
    const { version } = await documentIn(service, 'customer_link', { customerId: id });
    const change = (ifMatch: string) =>
      business.change(id, { note: 'late' }, { headers: { 'if-match': ifMatch } });
    await expectRefused(service, () => change('"77"'), [412, 'stale-version']);
    expect((await change(`"${String(version)}"`)).status).toBe(200);
  });

  it('refuses a late change that breaks a rule of the survivor', async () => {
    const { business, id } = await aMergedOne();
    const third = await added(business);
    const taken = () => business.change(id, { email: third.email });
    const { body } = await expectRefused(service, taken, [409, 'duplicate-email']);
    expect(body.existing._id).toBe(third._id);
    await expectRefused(service, () => business.change(id, { email: 'no email' }), [400, 'invalid-request']);
  });

  it('gives the survivor what a repeated create says, unless it is the first body', async () => {
    const business = aBusiness();
    const [_id, survivor] = ['5f1d7f3a9c3b4e2d8a6c1bff', await added(business)];
    const first = { ...aCustomer(), _id };
    await business.create(first);
    await business.merge(survivor._id, { loserId: _id });
    expect((await expectNothingWritten(service, () => business.create(first))).status).toBe(200);
    const { status, body } = await business.create({ ...first, note: 'late' });
    expect([status, body._id, body.note]).toEqual([200, survivor._id, 'late']);
  });

  it('loses no change when late changes and changes of the survivor come at once', async () => {
    const { business, survivor, id } = await aMergedOne();
    const notes = Array.from({ length: 6 }, (_, index) => `late ${String(index)}`);
    const answers = await Promise.all(
      notes.map((note, index) => business.change(index % 2 === 0 ? id : survivor._id, { note })),
    );
    expect(answers.map(({ status }) => status)).toEqual(notes.map(() => 200));
    const { verified, items } = (await business.history(survivor._id)).body;
    expect(verified).toBe(true);
    expect(items.filter(({ action }: any) => action === 'change-customer')).toHaveLength(notes.length);
  });
});
