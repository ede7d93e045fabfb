import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, run, useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('erase-customer');
/** Enough to begin, but the sweep would end too late for the answer. */
const NO_TIME_TO_SWEEP_MS = 1_250;
const NOT_FOUND = [404, 'customer-not-found'] as const;

/** A customer with a history that has reasons, and two recorded answers: one about it alone, one about two customers. */
const aLife = async (business: Business) => {
  const customer = await added(business);
  const { _id } = customer;
  await business.setState(_id, { state: 'suspended', reason: 'canary reason one' });
  await business.setState(_id, { state: 'active', reason: 'canary reason two' });
  const other = await added(business);
  await business.setState(
    _id,
    { state: 'archived', reason: 'canary reason three' },
    { headers: { 'if-match': '*', 'idempotency-key': 'alone' } },
  );
  await business.bulk([{ change: { _id, note: 'canary' } }, { change: { _id: other._id, note: 'canary' } }], {
    headers: { 'idempotency-key': 'both' },
  });
  return { customer, other };
};

const hold = (id: string) =>
  service.database
    .collection('customer_link')
    .updateOne({ customerId: new Types.ObjectId(id) }, { $set: { legalHold: true } });

describe('POST /api/v1/customer/{id}/erase', () => {
  it('erases a customer for good, and answers a receipt without a value', async () => {
    const business = aBusiness();
    const { customer, other } = await aLife(business);
    const { _id } = customer;
    const answer = await business.erase(_id, { reason: 'canary wish', ground: 'objection' });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        erasureId: _id,
        status: 'done',
        cause: 'request',
        ground: 'objection',
        requestedAt: expect.any(String),
        finishedAt: expect.any(String),
        places: [
          { place: 'customer_audit', found: 3, left: 0 },
          { place: 'idempotency', found: 3, left: 0 },
        ],
        kept: expect.arrayContaining([{ place: 'access log', why: expect.any(String) }]),
        ledgered: false,
        confirmedBy: [],
      },
    ]);
    expect(answer.text).not.toContain('canary');
    for (const ask of [
      () => business.get(_id),
      () => business.change(_id, { note: 'x' }),
      () => business.history(_id),
      () => business.lookUp({ email: customer.email }),
      () => business.lookUp({ phone: customer.phone }),
    ])
      await expectRefused(service, ask, NOT_FOUND);
    expect((await business.find({ phrase: customer.email })).body.totalSize).toBe(0);
    expect((await business.get(other._id)).status).toBe(200);
    expect(await countIn(service, 'customer', { _id })).toBe(0);
    expect(await countIn(service, 'customer_link', { customerId: _id })).toBe(0);
    expect(await documentIn(service, 'tombstone', { _id })).toMatchObject({ _id: new Types.ObjectId(_id) });
    const entries = await documentsIn(service, 'customer_audit', { customerId: _id });
    expect(entries.filter((entry) => 'reason' in entry)).toEqual([]);
    expect(entries.at(-1)).toMatchObject({ action: 'erase-customer', from: 'archived', to: 'deleted' });
    expect(await run(verifyHistories, { businessId: business.businessId })).toMatchObject({ flawed: [] });
    const [event] = await documentsIn(service, 'outbox', { customerId: _id, type: 'customer-erased' });
    expect(event).toMatchObject({ state: 'deleted', pending: true });
  });

  it('answers the same receipt again, by the route for receipts too, and in no other business', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { body } = await business.erase(_id);
    expect((await expectNothingWritten(service, () => business.erase(_id))).body).toEqual(body);
    expect((await business.erasure(_id)).body).toEqual(body);
    await expectRefused(service, () => aBusiness().erasure(_id), NOT_FOUND);
    await expectRefused(service, () => aBusiness().erase(_id), NOT_FOUND);
    await expectRefused(service, () => business.erase(aBusinessId()), NOT_FOUND);
    await expectRefused(service, () => business.erasure(aBusinessId()), NOT_FOUND);
  });

  it('does not let the id be used again, and tells an offline copy that it is gone', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const since = new Date(Date.now() - 60_000).toISOString();
    await business.erase(_id);
    await expectRefused(service, () => business.create(aCustomer({ _id })), [400, 'id-taken']);
    const { items } = (await business.find({ updatedSince: since })).body;
    expect(items.find((item: any) => item._id === _id)).toMatchObject({ state: 'deleted' });
  });

  it('makes nobody again by a retry: the answer that showed only this customer is 404', async () => {
    const business = aBusiness();
    const { customer } = await aLife(business);
    const again = () =>
      business.setState(
        customer._id,
        { state: 'archived', reason: 'canary reason three' },
        { headers: { 'if-match': '*', 'idempotency-key': 'alone' } },
      );
    expect((await again()).headers['idempotent-replayed']).toBe('true');
    const draft = aCustomer();
    const create = () => business.create(draft, { headers: { 'idempotency-key': 'made' } });
    const { _id } = (await create()).body;
    await business.erase(customer._id);
    await business.erase(_id);
    await expectRefused(service, again, NOT_FOUND);
    await expectRefused(service, create, NOT_FOUND);
  });

  it('leaves nothing of a bulk that was still running: its whole answer is recorded after its operations', async () => {
    const business = aBusiness();
    const [customer, other] = [await added(business), await added(business)];
    const { _id } = customer;
    const bulk = () =>
      business.bulk([{ change: { _id, note: 'canary' } }, { change: { _id: other._id, note: 'canary' } }], {
        headers: { 'idempotency-key': 'slow' },
      });
    const session = await service.database.startSession();
    session.startTransaction();
    // The second operation waits for the end of this transaction.
    await service.database
      .collection('customer_link')
      .updateOne(
        { customerId: new Types.ObjectId(other._id) },
        { $set: { state: 'suspended' } },
        { session },
      );
    const running = bulk();
    while ((await countIn(service, 'customer_link', { customerId: _id, version: 0 })) > 0);
    expect((await business.erase(_id)).body.status).toBe('done');
    await session.abortTransaction();
    await session.endSession();
    const { results } = (await running).body;
    expect(results.map(({ status }: any) => status)).toEqual([200, 200]);
    const recorded = await documentsIn(service, 'idempotency', { businessId: business.businessId });
    expect(recorded.filter((one) => 'answer' in one && String(one.customerIds).includes(_id))).toEqual([]);
    const again = (await bulk()).body.results;
    expect(again.map(({ status, error }: any) => [status, error?.code])).toEqual([
      [404, 'customer-not-found'],
      [200, undefined],
    ]);
  });

  it('erases with it everybody who was merged into it, and none of them alone', async () => {
    const business = aBusiness();
    const [survivor, loser, first] = [await added(business), await added(business), await added(business)];
    await business.merge(loser._id, { loserId: first._id });
    await business.merge(survivor._id, { loserId: loser._id });
    const { status, body } = await business.erase(first._id);
    expect([status, body.code, body.survivorId]).toEqual([409, 'merged-into', survivor._id]);
    expect(body.message).toContain('Erase that one, which erases both');
    expect((await business.erase(survivor._id)).body.status).toBe('done');
    for (const { _id, email } of [survivor, loser, first]) {
      expect(await countIn(service, 'customer', { _id })).toBe(0);
      expect((await business.erasure(_id)).body).toMatchObject({ erasureId: _id, status: 'done' });
      expect((await business.lookUp({ email })).status).toBe(404);
    }
    expect(await countIn(service, 'merge', { businessId: business.businessId })).toBe(0);
    expect(await run(verifyHistories, { businessId: business.businessId })).toMatchObject({ flawed: [] });
  });

  it('is refused for a customer that has changed since, and for no one who is gone already', async () => {
    const business = aBusiness();
    const { _id, _version } = await added(business);
    await business.change(_id, { note: 'changed' });
    const asRead = { headers: { 'if-match': `"${_version}"` } };
    const refused = await expectNothingWritten(service, () => business.erase(_id, { reason: 'x' }, asRead));
    expect([refused.status, refused.body.code, refused.headers.etag]).toEqual([412, 'stale-version', '"1"']);
    const dryRun = { reason: 'x', dryRun: true };
    expect((await business.erase(_id, dryRun, asRead)).status).toBe(412);
    const current = { headers: { 'if-match': '"1"' } };
    expect((await business.erase(_id, { reason: 'x' }, current)).body.status).toBe('done');
    expect((await business.erase(_id, { reason: 'x' }, asRead)).status).toBe(200);
  });

  it('counts everything on a dry run, and writes nothing', async () => {
    const business = aBusiness();
    const { customer, other } = await aLife(business);
    await business.merge(customer._id, { loserId: other._id });
    const { status, body } = await expectNothingWritten(service, () =>
      business.erase(customer._id, { reason: 'x', dryRun: true }),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ dryRun: true, held: false, merged: [other._id] });
    expect(body.places).toEqual(
      expect.arrayContaining([
        { place: 'customer', found: 2, then: 'deleted' },
        { place: 'merge', found: 1, then: 'deleted' },
        expect.objectContaining({ place: 'customer_audit', found: 3, then: 'blanked' }),
        expect.objectContaining({ place: 'tombstone', then: 'kept' }),
      ]),
    );
  });

  it('counts no undo record on a dry run for a customer that was never merged', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { places } = (await business.erase(_id, { reason: 'x', dryRun: true })).body;
    expect(places).toContainEqual({ place: 'merge', found: 0, then: 'deleted' });
  });

  it('is refused while a legal hold is on the customer or on one that was merged into it', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await business.merge(survivor._id, { loserId: loser._id });
    await hold(loser._id);
    await expectRefused(service, () => business.erase(survivor._id), [409, 'legal-hold']);
    expect((await business.erase(survivor._id, { reason: 'x', dryRun: true })).body.held).toBe(true);
  });

  it.each([
    ['no reason', {}],
    ['an empty reason', { reason: ' ' }],
    ['a long reason', { reason: 'x'.repeat(501) }],
    ['an unknown ground', { reason: 'x', ground: 'because' }],
    ['an unknown field', { reason: 'x', force: true }],
  ])('answers 400 for %s', async (_what, body) => {
    const business = aBusiness();
    const { _id } = await added(business);
    const answer = await expectNothingWritten(service, () => business.erase(_id, body));
    expect(answer.status).toBe(400);
  });

  it('is for the owner, the administrator and the privacy officer', async () => {
    const business = aBusiness();
    for (const [role, status] of [
      ['SPECIALIST', 403],
      ['SUPPORT', 403],
      ['SERVICE', 403],
      ['PRIVACY', 200],
    ] as const) {
      const { _id } = await added(business);
      expect([role, (await business.as({ role }).erase(_id)).status]).toEqual([role, status]);
    }
  });

  it('forgets a deleted, an archived and an anonymous customer too', async () => {
    const business = aBusiness();
    for (const state of ['deleted', 'archived'] as const) {
      const { _id } = await added(business);
      if (state === 'deleted') await business.delete(_id);
      else await business.setState(_id, { state });
      expect((await business.erase(_id)).body.status).toBe('done');
    }
    expect(await run(verifyHistories, { businessId: business.businessId })).toMatchObject({ flawed: [] });
  });
});

describe('an erasure that does not end in its request', () => {
  it('is 202, nobody can read the customer any more, and finish-erasures ends it', async () => {
    const business = aBusiness();
    const { customer } = await aLife(business);
    const answer = await business.erase(customer._id, { reason: 'x' }, { remainingMs: NO_TIME_TO_SWEEP_MS });
    expect([answer.status, answer.body.status]).toEqual([202, 'running']);
    await expectRefused(service, () => business.get(customer._id), NOT_FOUND);
    expect((await business.erasure(customer._id)).body).toMatchObject({ status: 'running' });
    expect(await run(finishErasures, {})).toMatchObject({
      outcome: 'finished',
      finished: 1,
      oldestOpenHours: null,
    });
    const { body } = await business.erasure(customer._id);
    expect(body).toMatchObject({ status: 'done', finishedAt: expect.any(String) });
    expect(body.places.map(({ left }: any) => left)).toEqual([0, 0]);
    expect(await run(finishErasures, {})).toMatchObject({ finished: 0 });
  });

  it('is ended once, and whole, by several runs at once', async () => {
    const business = aBusiness();
    const ids: string[] = [];
    for (let made = 0; made < 4; made += 1) {
      const { customer } = await aLife(aBusiness({ businessId: business.businessId }));
      await business.erase(customer._id, { reason: 'x' }, { remainingMs: NO_TIME_TO_SWEEP_MS });
      ids.push(customer._id);
    }
    await Promise.all([1, 2, 3].map(() => run(finishErasures, { batchSize: 2 })));
    for (const id of ids) expect((await business.erasure(id)).body.status).toBe('done');
    const left = await documentsIn(service, 'customer_audit', { businessId: business.businessId });
    const reasons = left.filter((entry) => 'reason' in entry && ids.includes(String(entry.customerId)));
    expect(reasons).toEqual([]);
  });
});
