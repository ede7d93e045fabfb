import { describe, expect, it } from '@jest/globals';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
import { sized } from '#test/support/promise.ts';
import type { Answer } from '#test/support/service.ts';
import { useService } from '#test/support/service.ts';
import { documentsIn } from '#test/support/stored.ts';

const service = useService('merge-races');
const ROUNDS = sized({ short: 4, full: 100 });

const aPair = async (business: Business) => ({
  survivor: await added(business, { customerType: 'new', phone: null }),
  loser: await added(business),
});
const statuses = (...answers: readonly Answer[]) => answers.map(({ status }) => status);

/** No merge is half done: both sides, their mirrors, their histories and the record say the same. */
const expectWhole = async (business: Business): Promise<void> => {
  const { businessId } = business;
  const links = await documentsIn(service, 'customer_link', { businessId });
  const records = await documentsIn(service, 'merge', { businessId });
  const merged = links.filter(({ mergedInto }) => mergedInto !== undefined);
  const sides = (pairs: readonly (readonly any[])[]) =>
    pairs.map((pair) => pair.map(String).join(' into ')).sort();
  expect(sides(merged.map((link) => [link.customerId, link.mergedInto]))).toEqual(
    sides(records.map(({ _id, survivorId }) => [_id, survivorId])),
  );
  for (const { customerId, version, state, mergedInto } of links) {
    const [customer] = await documentsIn(service, 'customer', { _id: customerId });
    expect([customer.__v, customer.stateHistory.at(-1).state]).toEqual([version, state]);
    if (mergedInto !== undefined) expect(state).toBe('deleted');
    const { verified, items } = (await business.history(String(customerId))).body;
    expect([verified, items.length]).toEqual([true, version + 1]);
  }
};

type Pair = Awaited<ReturnType<typeof aPair>>;
/** Plays a race again and again, each time in a business of its own, and looks that nothing is half done. */
const race = async (play: (business: Business, pair: Pair) => Promise<void>): Promise<void> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const business = aBusiness();
    await play(business, await aPair(business));
    await expectWhole(business);
  }
};

describe('a merge at the same time as', () => {
  it('a change of the survivor: neither is lost', () =>
    race(async (business, { survivor, loser }) => {
      const [merge, put] = await Promise.all([
        business.merge(survivor._id, { loserId: loser._id }),
        business.change(survivor._id, { lastName: 'Edited Canary' }),
      ]);
      expect(statuses(merge, put)).toEqual([200, 200]);
      const { body } = await business.get(survivor._id);
      expect(body).toMatchObject({ lastName: 'Edited Canary', phone: loser.phone, _version: '2' });
    }));

  it('a change of the loser: the survivor takes what was there before or after it', () =>
    race(async (business, { survivor, loser }) => {
      const phone = `${String(loser.phone).slice(0, -1)}x`.replace(
        'x',
        loser.phone.endsWith('9') ? '8' : '9',
      );
      const [merge, put] = await Promise.all([
        business.merge(survivor._id, { loserId: loser._id }),
        business.change(loser._id, { phone }),
      ]);
      expect(statuses(merge, put)).toEqual([200, 200]);
      const isMergedFirst = put.body.state === 'deleted';
      expect((await business.get(survivor._id)).body.phone).toBe(isMergedFirst ? loser.phone : phone);
    }));

  it('a deletion of the loser: one of the two deleted it', () =>
    race(async (business, { survivor, loser }) => {
      const [merge, deletion] = await Promise.all([
        business.merge(survivor._id, { loserId: loser._id }),
        business.delete(loser._id),
      ]);
      expect([200, 409]).toContain(merge.status);
      expect(deletion.status).toBe(200);
      const { body } = await business.get(loser._id);
      expect(body._id).toBe(merge.status === 200 ? survivor._id : loser._id);
    }));

  it('a deletion of the survivor: it comes first or last', () =>
    race(async (business, { survivor, loser }) => {
      const [merge, deletion] = await Promise.all([
        business.merge(survivor._id, { loserId: loser._id }),
        business.delete(survivor._id),
      ]);
      expect([200, 409]).toContain(merge.status);
      expect(deletion.status).toBe(200);
      expect((await business.get(survivor._id)).body.state).toBe('deleted');
      const { body } = await business.get(loser._id);
      expect([body._id, body.state]).toEqual(
        merge.status === 200 ? [survivor._id, 'deleted'] : [loser._id, 'active'],
      );
    }));

  it('a restore of the loser: it is merged once it is back, or not', () =>
    race(async (business, { survivor, loser }) => {
      await business.delete(loser._id);
      const [merge, restore] = await Promise.all([
        business.merge(survivor._id, { loserId: loser._id }),
        business.restore(loser._id),
      ]);
      expect([200, 409]).toContain(merge.status);
      expect(restore.status).toBe(200);
      expect((await business.get(loser._id)).body.state).toBe('active');
    }));

  it('another merge of the same loser: one survivor gets it', () =>
    race(async (business, { survivor, loser }) => {
      const other = await added(business, { customerType: 'new', phone: null });
      const [one, two] = await Promise.all([
        business.merge(survivor._id, { loserId: loser._id }),
        business.merge(other._id, { loserId: loser._id }),
      ]);
      expect(statuses(one, two).sort()).toEqual([200, 409]);
      const [winner, left] = one.status === 200 ? [survivor, other] : [other, survivor];
      expect((await business.get(loser._id)).body._id).toBe(winner._id);
      expect((await business.get(left._id)).body).toEqual(left);
    }));

  it('the merge the other way round: one of them happens', () =>
    race(async (business, { survivor, loser }) => {
      const [one, two] = await Promise.all([
        business.merge(survivor._id, { loserId: loser._id }),
        business.merge(loser._id, { loserId: survivor._id }),
      ]);
      expect(statuses(one, two).sort()).toEqual([200, 409]);
      const winner = one.status === 200 ? survivor : loser;
      for (const { _id } of [survivor, loser]) expect((await business.get(_id)).body._id).toBe(winner._id);
    }));
});

describe('an unmerge at the same time as', () => {
  it('a change of the survivor: nothing is lost', () =>
    race(async (business, { survivor, loser }) => {
      await business.merge(survivor._id, { loserId: loser._id });
      const [unmerge, put] = await Promise.all([
        business.unmerge(survivor._id, { loserId: loser._id }),
        business.change(survivor._id, { note: 'canary edit' }),
      ]);
      expect(statuses(unmerge, put)).toEqual([200, 200]);
      const { body } = await business.get(survivor._id);
      expect([body.note, body.phone]).toEqual(['canary edit', null]);
    }));

  it('itself: it happens once', () =>
    race(async (business, { survivor, loser }) => {
      await business.merge(survivor._id, { loserId: loser._id });
      const undo = () => business.unmerge(survivor._id, { loserId: loser._id });
      expect(statuses(...(await Promise.all([undo(), undo()]))).sort()).toEqual([200, 409]);
      expect((await business.get(loser._id)).body.state).toBe('active');
    }));
});
