import { describe, expect, it } from '@jest/globals';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
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
    expect((await business.create({ firstName: 'C', customerType: 'new', phone: loser.phone })).status).toBe(
      201,
    );
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
      expect(body.detail).toMatch('merged already');
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

  it('comes back by no move of its own', async () => {
    const { business, id } = await aMergedOne();
    const stateHistory = [{ state: 'active', setAt: '2026-01-01T00:00:00.000Z' }];
    const { body } = await expectRefused(service, () => business.restore(id), [409, 'illegal-transition']);
    expect(body.detail).toMatch('Unmerge');
    await expectRefused(service, () => business.setState(id, { state: 'active' }), [
      409,
      'illegal-transition',
    ]);
    await expectRefused(service, () => business.change(id, { state: 'active' }), [400, 'illegal-transition']);
    await expectRefused(service, () => business.change(id, { stateHistory }), [400, 'illegal-transition']);
  });

  it('may be changed and deleted again like any deleted one', async () => {
    const { business, survivor, id } = await aMergedOne();
    const { status, body } = await business.change(id, { note: 'a canary edit' });
    expect([status, body._id, body.note]).toEqual([200, id, 'a canary edit']);
    expect((await business.delete(id)).body).toEqual({ _id: id, state: 'deleted' });
    expect((await business.get(id)).body._id).toBe(survivor._id);
    expect(await countIn(service, 'merge', { _id: id })).toBe(1);
  });
});
