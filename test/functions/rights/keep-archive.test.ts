import { beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { objectStore } from '#lib/cloud/object-store.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aBusinessId, run, useService } from '#test/support/service.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { RESTORE_MS, useObjectEndpoint } from '#test/support/object-endpoint.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { countIn, documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';
import { archived, keep, objectsOf, useArchive } from '#test/support/archived.ts';

const service = useService('keep-archive');
const s3 = useObjectEndpoint();
useArchive();
beforeAll(() => {
  useKeyring(keyringOf('k1'));
});
const NOTE = 'canary likes tea';

/** A business that uses the archive. */
const anArchivingBusiness = async (): Promise<Business> => {
  const business = aBusiness();
  expect((await business.chooseSettings({ archiveAfterDays: 30 })).status).toBe(200);
  return business;
};
/** A customer in the archive, as it was before. */
const aCustomerAway = async (business: Business, note: string | null = NOTE) => {
  const before = await archived(service, business, { note });
  expect(await keep()).toMatchObject({ outcome: 'finished', troubled: [] });
  expect((await documentIn(service, 'archive', { _id: before._id })).step).toBe('away');
  return before;
};

describe('keep-archive', () => {
  it('moves who is archived and untouched for so long: only the note leaves, and everything else finds it', async () => {
    const business = await anArchivingBusiness();
    const before = await archived(service, business, { note: NOTE });
    const young = await added(business, { state: 'archived', note: NOTE });
    const active = await added(business, { note: NOTE });
    const held = await archived(service, business, { note: NOTE });
    await service.database
      .collection('customer_link')
      .updateOne({ customerId: new Types.ObjectId(held._id) }, { $set: { legalHold: true } });
    const other = await archived(service, aBusiness(), { note: NOTE });
    expect(await keep()).toMatchObject({ moved: 1, returned: 0, waiting: 0, troubled: [] });
    expect((await business.get(before._id)).body).toEqual({ ...before, note: null });
    for (const one of [young, active, held]) expect((await business.get(one._id)).body.note).toBe(NOTE);
    expect(await countIn(service, 'archive', { _id: other._id })).toBe(0);
    expect((await business.lookUp({ email: before.email })).body._id).toBe(before._id);
    expect((await business.find({ phrase: before.phone })).body.totalSize).toBe(1);
    const keys = await objectsOf(business, before._id);
    expect(keys).toHaveLength(1);
    const object = await objectStore('things').head(keys[0]!, Date.now() + 5_000);
    expect(object.storageClass).toBe('GLACIER_IR');
    const { body } = await objectStore('things').get(keys[0]!, Date.now() + 5_000);
    expect(body.toString('latin1')).not.toContain('canary');
    const [entry] = (await business.history(before._id)).body.items.slice(-1);
    expect(entry).toMatchObject({ action: 'move-to-archive', actor: 'task:keep-archive', fields: ['note'] });
    expect(await countIn(service, 'outbox', { customerId: before._id, type: 'archived-away' })).toBe(1);
    expect(await run(verifyHistories, { businessId: business.businessId })).toMatchObject({ flawed: [] });
    expect(await expectNothingWritten(service, () => keep())).toMatchObject({ moved: 0 });
  });

  it('brings back who is asked for, as it was; only version and time of the last update move, and the object is gone', async () => {
    const business = await anArchivingBusiness();
    const before = await aCustomerAway(business);
    expect(await business.recall(before._id)).toMatchObject({
      status: 202,
      body: { _id: before._id, archive: 'returning' },
    });
    expect((await business.recall(before._id)).status).toBe(202);
    expect(await keep()).toMatchObject({ moved: 0, returned: 1, troubled: [] });
    const { body } = await business.get(before._id);
    expect(body).toEqual({
      ...before,
      updatedAt: body.updatedAt,
      _version: String(Number(before._version) + 1),
    });
    expect(body.updatedAt > before.updatedAt).toBe(true);
    // Of a form that was opened while the note was away.
    const stale = { headers: { 'if-match': `"${String(before._version)}"` } };
    await expectRefused(service, () => business.change(before._id, { note: null }, stale), [
      412,
      'stale-version',
    ]);
    const { items } = (await business.find({ updatedSince: new Date(Date.now() - 60_000).toISOString() }))
      .body;
    expect(items.map(({ _id }: any) => _id)).toContain(before._id);
    expect(await business.recall(before._id)).toMatchObject({ status: 200, body: { archive: 'here' } });
    expect(await objectsOf(business, before._id)).toEqual([]);
    expect(await countIn(service, 'archive', { _id: before._id })).toBe(0);
    expect(await countIn(service, 'outbox', { customerId: before._id, type: 'recalled' })).toBe(1);
    expect((await business.history(before._id)).body).toMatchObject({ verified: true });
  });

  it('keeps what was written meanwhile: both notes, also beyond the limit, and takes that back as answered', async () => {
    const business = await anArchivingBusiness();
    const long = 'a'.repeat(15_000);
    const { _id } = await aCustomerAway(business, long);
    const later = 'b'.repeat(15_000);
    expect((await business.change(_id, { note: later, firstName: 'Ola' })).status).toBe(200);
    await business.setState(_id, { state: 'active' });
    expect(await keep()).toMatchObject({ returned: 1 });
    const { body } = await business.get(_id);
    expect(body).toMatchObject({ note: `${long}\n\n${later}`, firstName: 'Ola', state: 'active' });
    expect((await business.change(_id, body)).status).toBe(200);
    expect((await business.change(_id, { note: body.note, lastName: 'Nowak' })).body.note).toBe(body.note);
    const refused = await business.change(_id, { note: `${body.note}c` });
    expectProblem(refused, 400, 'invalid-request');
    expect(refused.body.errors).toMatchObject([{ pointer: '#/note', error: 'too_big' }]);
  });

  it('is asked by leaving the state archived and by a restoration, not by a deletion', async () => {
    const business = await anArchivingBusiness();
    const { _id } = await aCustomerAway(business);
    await business.delete(_id);
    expect(await keep()).toMatchObject({ returned: 0 });
    expect((await business.restore(_id)).body.note).toBeNull();
    expect(await keep()).toMatchObject({ returned: 1 });
    expect((await business.get(_id)).body).toMatchObject({ note: NOTE, state: 'archived' });
  });

  it('refuses a merge, an unmerge and an export meanwhile, and does not move a survivor whose merge can be undone', async () => {
    const business = await anArchivingBusiness();
    const { _id } = await aCustomerAway(business);
    const other = await added(business);
    for (const [id, loserId] of [
      [_id, other._id],
      [other._id, _id],
    ] as const)
      for (const ask of [() => business.merge(id, { loserId }), () => business.unmerge(id, { loserId })])
        await expectRefused(service, ask, [409, 'in-archive']);
    await expectRefused(service, () => business.exported(_id), [409, 'in-archive']);
    const survivor = await archived(service, business, { note: NOTE }, async (id) => {
      const { _id: loserId } = await added(business);
      await business.merge(id, { loserId });
    });
    expect(await keep()).toMatchObject({ moved: 0 });
    expect((await business.get(survivor._id)).body.note).not.toBeNull();
  });

  it('waits for the bucket where objects must be restored, over as many runs as it takes', async () => {
    process.env['ARCHIVE_STORAGE_CLASS'] = 'GLACIER';
    try {
      const business = await anArchivingBusiness();
      const { _id } = await aCustomerAway(business);
      await business.recall(_id);
      expect(await keep()).toMatchObject({ returned: 0, waiting: 1, troubled: [] });
      expect((await documentIn(service, 'archive', { _id })).step).toBe('thawing');
      expect(await keep()).toMatchObject({ returned: 0, waiting: 1, troubled: [] });
      s3.state.now += RESTORE_MS + 1;
      expect(await keep()).toMatchObject({ returned: 1, waiting: 0 });
      expect((await business.get(_id)).body.note).toBe(NOTE);
    } finally {
      process.env['ARCHIVE_STORAGE_CLASS'] = 'GLACIER_IR';
    }
  });

  it.each(['altered', 'foreign', 'absent'])(
    'leaves and names a customer whose object is %s',
    async (what) => {
      const business = await anArchivingBusiness();
      const { _id } = await aCustomerAway(business);
      const { _id: other } = await aCustomerAway(business);
      const [[key], [foreign]] = [await objectsOf(business, _id), await objectsOf(business, other)];
      const store = objectStore('things');
      const good = (await store.get(key!, Date.now() + 5_000)).body;
      if (what === 'absent') await store.delete(key!, Date.now() + 5_000);
      else {
        const altered = Buffer.from(good);
        altered[40] = altered[40]! ^ 1;
        const body = what === 'altered' ? altered : (await store.get(foreign!, Date.now() + 5_000)).body;
        await store.put({ key: key!, body }, Date.now() + 5_000);
      }
      for (const id of [_id, other]) await business.recall(id);
      const trouble = what === 'absent' ? 'absent' : 'unreadable';
      expect(await keep()).toMatchObject({
        returned: 1,
        troubled: [{ businessId: business.businessId, customerId: _id, trouble }],
      });
      expect((await business.get(_id)).body.note).toBeNull();
      expect((await business.get(other)).body.note).toBe(NOTE);
      await store.put({ key: key!, body: good }, Date.now() + 5_000);
      expect(await keep()).toMatchObject({ returned: 1, troubled: [] });
      expect((await business.get(_id)).body.note).toBe(NOTE);
    },
  );

  it('needs nothing of the old key after a rotation, and no bucket for the rotation', async () => {
    const business = await anArchivingBusiness();
    const { _id } = await aCustomerAway(business);
    useKeyring(keyringOf('k2', 'k1'));
    const sent = s3.log.length;
    const report = await run(reencryptCustomers, { settleMs: 0 });
    expect(report).toMatchObject({ left: [], troubles: [] });
    expect(report.mayBeDropped).toContain('k1');
    expect(s3.log.length).toBe(sent);
    useKeyring(keyringOf('k2'));
    await business.recall(_id);
    expect(await keep()).toMatchObject({ returned: 1, troubled: [] });
    expect((await business.get(_id)).body.note).toBe(NOTE);
  });
});

describe('an erasure of a customer in the archive', () => {
  it('destroys the key at once, and finish-erasures deletes the object', async () => {
    const business = await anArchivingBusiness();
    const { _id } = await aCustomerAway(business);
    const answer = await business.erase(_id);
    expect([answer.status, answer.body.status]).toEqual([202, 'running']);
    expect('dataKey' in (await documentIn(service, 'archive', { _id }))).toBe(false);
    expect(await objectsOf(business, _id)).toHaveLength(1);
    expect(await keep()).toMatchObject({ troubled: [] });
    await run(finishErasures, {});
    expect(await objectsOf(business, _id)).toEqual([]);
    expect((await business.erasure(_id)).body).toMatchObject({ status: 'done' });
    expect(await documentsIn(service, 'archive', { _id })).toEqual([]);
    await expectRefused(service, () => business.recall(_id), [404, 'customer-not-found']);
  });
});

describe('POST /api/v1/customer/{id}/recall', () => {
  it('answers 404 for an unknown id and for one of another business', async () => {
    const business = await anArchivingBusiness();
    const { _id } = await aCustomerAway(business);
    await expectRefused(service, () => business.recall(aBusinessId()), [404, 'customer-not-found']);
    await expectRefused(service, () => aBusiness().recall(_id), [404, 'customer-not-found']);
  });

  it('answers for the survivor of a merge', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { _id: loserId } = await added(business);
    await business.merge(_id, { loserId });
    expect((await business.recall(loserId)).body).toEqual({ _id, archive: 'here' });
  });
});
