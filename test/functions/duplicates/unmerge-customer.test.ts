import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
import { makeDue, setPurgeAfter } from '#test/support/due.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, run, useService } from '#test/support/service.ts';
import { countIn, documentIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('unmerge-customer');
const HOUR_MS = 60 * 60 * 1_000;

/** Two customers of one business, merged; as they were before. */
const aMerge = async (business: Business, { before = {}, merge = {} } = {}) => {
  const survivor = await added(business, { customerType: 'new', phone: null, note: null, ...before });
  const loser = await added(business, { state: 'inactive' });
  const { status, text } = await business.merge(survivor._id, { loserId: loser._id, ...merge });
  if (status !== 200) throw new Error(text);
  return { survivor, loser };
};
const unsaid = { _version: '', updatedAt: '', stateHistory: [] };

describe('POST /api/v1/customer/{id}/unmerge', () => {
  it('gives both back as they were', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business, { merge: { fields: { email: 'loser' } } });
    const { status, body } = await business.unmerge(survivor._id, { loserId: loser._id });
    expect([status, body.returned, body.kept]).toEqual([200, ['phone', 'email', 'note'], []]);
    expect({ ...body.customer, ...unsaid }).toEqual({ ...survivor, ...unsaid });
    expect({ ...body.restored, ...unsaid }).toEqual({ ...loser, ...unsaid });
    expect((await business.get(loser._id)).body).toEqual(body.restored);
    expect((await business.lookUp({ email: loser.email })).body._id).toBe(loser._id);
    expect((await business.lookUp({ email: survivor.email })).body._id).toBe(survivor._id);
  });

  it('leaves nothing of the merge but two histories that go on', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    await business.unmerge(survivor._id, { loserId: loser._id });
    expect(await countIn(service, 'merge', { _id: loser._id })).toBe(0);
    const link = await documentIn(service, 'customer_link', { customerId: loser._id });
    for (const gone of ['mergedInto', 'restoreTo', 'purgeAfter']) expect(link).not.toHaveProperty(gone);
    for (const [{ _id }, action] of [
      [survivor, 'unmerge-customer'],
      [loser, 'unmerged-from'],
    ]) {
      const { verified, items } = (await business.history(_id)).body;
      expect([verified, items[2].action]).toEqual([true, action]);
    }
  });

  it('keeps what somebody changed since, on either side', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    await business.change(survivor._id, { note: 'a canary edit' });
    await business.change(loser._id, { firstName: 'Edited Canary' });
    const { body } = await business.unmerge(survivor._id, { loserId: loser._id });
    expect([body.returned, body.kept]).toEqual([['phone'], ['note']]);
    // A change of the merged one was a change of the survivor.
    expect(body.customer).toMatchObject({ phone: null, note: 'a canary edit', firstName: 'Edited Canary' });
    expect({ ...body.restored, ...unsaid }).toEqual({ ...loser, ...unsaid });
  });

  it('writes nothing with dryRun, and answers what would be', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    const loserId = loser._id;
    const tried = await expectNothingWritten(service, () =>
      business.unmerge(survivor._id, { loserId, dryRun: true }),
    );
    expect([tried.status, tried.body.returned]).toEqual([200, ['phone', 'note']]);
    expect((await business.unmerge(survivor._id, { loserId })).body.returned).toEqual(['phone', 'note']);
  });

  it('can be merged and undone again and again', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    for (let times = 0; times < 2; times += 1) {
      expect((await business.unmerge(survivor._id, { loserId: loser._id })).status).toBe(200);
      expect((await business.merge(survivor._id, { loserId: loser._id })).body.taken).toEqual([
        'phone',
        'note',
      ]);
    }
  });

  it('works while a uniqueness is pending', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business, { merge: { fields: { email: 'loser' } } });
    await business.chooseSettings({ uniqueEmail: false });
    await business.chooseSettings({ uniqueEmail: true });
    const { status, body } = await business.unmerge(survivor._id, { loserId: loser._id });
    expect([status, body.restored.email]).toEqual([200, loser.email]);
  });
});

describe('an unmerge is refused', () => {
  it('409 when an email or phone is taken by now', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    // While both have it, only a business without the rule can give it to another customer.
    await business.chooseSettings({ uniqueEmail: false });
    const other = await added(business, { email: loser.email });
    await business.chooseSettings({ uniqueEmail: true });
    const unmerge = () => business.unmerge(survivor._id, { loserId: loser._id });
    const { body } = await expectRefused(service, unmerge, [409, 'duplicate-email']);
    expect(body.existing).toEqual({ _id: other._id, state: 'active' });
  });

  it('409 when there is nothing to undo', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    const third = await added(business);
    const unmerge = (id: string, loserId: string) => () => business.unmerge(id, { loserId });
    await expectRefused(service, unmerge(third._id, loser._id), [409, 'illegal-transition']);
    await expectRefused(service, unmerge(loser._id, survivor._id), [409, 'illegal-transition']);
    await unmerge(survivor._id, loser._id)();
    await expectRefused(service, unmerge(survivor._id, loser._id), [409, 'illegal-transition']);
  });

  it('409 while the survivor is deleted or merged itself', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    const third = await added(business);
    const unmerge = () => business.unmerge(survivor._id, { loserId: loser._id });
    await business.delete(survivor._id);
    await expectRefused(service, unmerge, [409, 'illegal-transition']);
    await business.restore(survivor._id);
    await business.merge(third._id, { loserId: survivor._id });
    await expectRefused(service, unmerge, [409, 'illegal-transition']);
    await business.unmerge(third._id, { loserId: survivor._id });
    expect((await unmerge()).status).toBe(200);
  });

  it('409 after 30 days', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    await service.database
      .collection('merge')
      .updateOne(
        { _id: new Types.ObjectId(String(loser._id)) },
        { $set: { expiresAt: new Date(Date.now() - 1) } },
      );
    const unmerge = () => business.unmerge(survivor._id, { loserId: loser._id });
    const { body } = await expectRefused(service, unmerge, [409, 'illegal-transition']);
    expect(body.detail).toMatch('30 days');
  });

  it('404 for another business’s customer as for nobody’s', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    for (const [id, loserId] of [
      [survivor._id, aBusinessId()],
      [aBusinessId(), loser._id],
    ])
      await expectRefused(service, () => business.unmerge(id, { loserId }), [404, 'customer-not-found']);
    const strange = () => aBusiness().unmerge(survivor._id, { loserId: loser._id });
    await expectRefused(service, strange, [404, 'customer-not-found']);
  });
});

describe('the purge', () => {
  it('takes what would undo a merge along with the loser, who is a 404 then', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    await setPurgeAfter(service, [loser._id], new Date(Date.now() - HOUR_MS));
    expect(await run(purge, {})).toMatchObject({ outcome: 'finished', purged: 1 });
    expect(await countIn(service, 'merge', { _id: loser._id })).toBe(0);
    expect((await business.get(loser._id)).status).toBe(404);
    expect((await business.get(survivor._id)).body.phone).toBe(loser.phone);
  });

  it('takes it along with the survivor too', async () => {
    const business = aBusiness();
    const { survivor, loser } = await aMerge(business);
    await makeDue(service, business, survivor._id);
    await run(purge, {});
    expect(await countIn(service, 'merge', { _id: loser._id })).toBe(0);
    expect((await business.get(loser._id)).status).toBe(404);
    expect(await countIn(service, 'customer_link', { customerId: loser._id })).toBe(1);
  });

  it('leaves both alone before the way back ends, however short the retention is', async () => {
    const business = aBusiness();
    await business.chooseSettings({ retentionDays: 1 });
    const { survivor, loser } = await aMerge(business);
    expect(await run(purge, {})).toMatchObject({ purged: 0 });
    const { purgeAfter } = await documentIn(service, 'customer_link', { customerId: loser._id });
    const { expiresAt } = await documentIn(service, 'merge', { _id: loser._id });
    expect(purgeAfter.getTime()).toBeGreaterThanOrEqual(expiresAt.getTime());
    expect((await business.unmerge(survivor._id, { loserId: loser._id })).status).toBe(200);
  });
});
