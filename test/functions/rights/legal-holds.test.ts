import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as placeLegalHold } from '#functions/rights/place-legal-hold/handler.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { makeDue, setPurgeAfter } from '#test/support/due.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, type Answer, call, run, useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('legal-holds');
const REASON = 'canary of a case at court';
const FIELDS = ['legalHold', 'heldSince', 'holdReason'];

const linkOf = (customerId: string) => documentIn(service, 'customer_link', { customerId });
const setLink = async (customerId: string, $set: object): Promise<void> => {
  await service.database
    .collection('customer_link')
    .updateOne({ customerId: new Types.ObjectId(customerId) }, { $set });
};
const actionsOf = async (business: Business, id: string): Promise<string[]> =>
  (await business.history(id)).body.items.map(({ action }: { action: string }) => action);

describe('a legal hold', () => {
  it('is placed, read and ended', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    expect((await business.hold(_id)).body).toEqual({ _id, legalHold: false });
    const placed = await business.placeHold(_id.toUpperCase(), REASON);
    const since = expect.stringMatching(/^\d{4}-.+Z$/);
    expect([placed.status, placed.body]).toEqual([200, { _id, legalHold: true, since }]);
    expect((await business.hold(_id)).body).toEqual({ ...placed.body, reason: REASON });
    const released = await business.releaseHold(_id);
    expect([released.status, released.body]).toEqual([200, { _id, legalHold: false }]);
    expect((await business.hold(_id)).body).toEqual(released.body);
  });

  it('is in the history with its reason, and announced; the customer stays the same version', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const { _id } = customer;
    await business.placeHold(_id, REASON, { actor: 'officer-1', role: 'PRIVACY' });
    await business.releaseHold(_id);
    expect((await business.get(_id)).body).toEqual(customer);
    const { verified, items } = (await business.history(_id)).body;
    expect(verified).toBe(true);
    const noted = { purpose: 'keep-for-law', fields: ['legalHold'] };
    expect(items.slice(1)).toEqual([
      expect.objectContaining({ ...noted, action: 'place-legal-hold', actor: 'officer-1', reason: REASON }),
      expect.objectContaining({ ...noted, action: 'release-legal-hold' }),
    ]);
    expect(items[2]).not.toHaveProperty('reason');
    const events = await documentsIn(service, 'outbox', { customerId: _id, type: 'hold-changed' });
    expect(events.map(({ version, state, pending }) => [version, state, pending])).toEqual([
      [0, 'active', true],
      [0, 'active', true],
    ]);
  });

  it('is stored with an encrypted reason, and leaves no field behind', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.placeHold(_id, REASON);
    const held = await linkOf(_id);
    expect(held).toMatchObject({ legalHold: true, heldSince: expect.any(Date) });
    expect(Buffer.from(held.holdReason.buffer).includes(REASON)).toBe(false);
    await business.releaseHold(_id);
    for (const field of FIELDS) expect(await linkOf(_id)).not.toHaveProperty(field);
  });

  it('is the same again for the same reason: nothing is written', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await expectNothingWritten(service, () => business.releaseHold(_id));
    const { body } = await business.placeHold(_id, REASON);
    const again = await expectNothingWritten(service, () => business.placeHold(_id, ` ${REASON}\n`));
    expect([again.status, again.body]).toEqual([200, body]);
    await business.placeHold(_id, 'half a character \ud83d');
    await expectNothingWritten(service, () => business.placeHold(_id, 'half a character \ud83d'));
  });

  it('gets another reason, and began when it first did', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { since } = (await business.placeHold(_id, REASON)).body;
    expect((await business.placeHold(_id, 'a second case')).body.since).toBe(since);
    expect((await business.hold(_id)).body).toMatchObject({ since, reason: 'a second case' });
    expect(await actionsOf(business, _id)).toEqual([
      'create-customer',
      'place-legal-hold',
      'place-legal-hold',
    ]);
  });

  it('is answered without what is not known of it', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await setLink(_id, { legalHold: true });
    expect((await business.hold(_id)).body).toEqual({ _id, legalHold: true });
    expect((await business.placeHold(_id, REASON)).body).toHaveProperty('since');
  });

  it('is not recorded by Idempotency-Key: PUT and DELETE can be repeated anyway', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const headers = { 'idempotency-key': 'a-key' };
    for (const reason of [REASON, 'a second case'])
      expect((await business.placeHold(_id, reason, { headers })).status).toBe(200);
    expect((await business.releaseHold(_id, { headers })).status).toBe(200);
    expect(await countIn(service, 'idempotency', { businessId: business.businessId })).toBe(0);
  });

  it.each(['suspended', 'archived', 'deleted'])(
    'is placed and ended on a customer in state %s',
    async (state) => {
      const business = aBusiness();
      const { _id } = await added(business, { state });
      expect((await business.placeHold(_id)).body.legalHold).toBe(true);
      expect((await business.hold(_id)).body.legalHold).toBe(true);
      expect((await business.releaseHold(_id)).body.legalHold).toBe(false);
    },
  );
});

describe('what is refused', () => {
  it('400 for a reason that is missing, empty, no text or too long, and for another field', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const place = (body: unknown) => () =>
      call(placeLegalHold, { businessId: business.businessId, id: _id, body });
    for (const reason of [undefined, null, '', ' \n ', 1, 'x'.repeat(501)])
      await expectRefused(service, place({ reason }), [400, 'invalid-request']);
    await expectRefused(service, place({ reason: 'x', legalHold: true }), [400, 'unknown-field']);
    expect((await place({ reason: 'x'.repeat(500) })()).status).toBe(200);
  });

  it('404 for an unknown id and for one of another business, with equal answers', async () => {
    const business = aBusiness();
    const { _id: foreign } = await added(aBusiness());
    const ask: readonly ((id: string) => Promise<Answer>)[] = [
      (id) => business.hold(id),
      (id) => business.placeHold(id, REASON),
      (id) => business.releaseHold(id),
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

describe('a held customer', () => {
  it('is changed, deleted and restored as before, and stays held', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const { body: hold } = await business.placeHold(_id, REASON);
    for (const write of [
      () => business.change(_id, { note: 'canary changed' }),
      () => business.patch(_id, { note: 'canary patched' }),
      () => business.setState(_id, { state: 'archived' }),
      () => business.delete(_id),
      () => business.restore(_id),
    ]) {
      expect((await write()).status).toBe(200);
      expect((await business.hold(_id)).body).toEqual({ ...hold, reason: REASON });
    }
    expect((await business.history(_id)).body.verified).toBe(true);
  });

  it('is not merged, on either side, until the hold is ended', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    for (const { _id } of [survivor, loser]) {
      await business.placeHold(_id);
      for (const dryRun of [true, false]) {
        const merge = () => business.merge(survivor._id, { loserId: loser._id, dryRun });
        await expectRefused(service, merge, [409, 'legal-hold']);
      }
      await business.releaseHold(_id);
    }
    expect((await business.merge(survivor._id, { loserId: loser._id })).status).toBe(200);
  });

  it('is not unmerged, on either side, until the hold is ended', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await business.merge(survivor._id, { loserId: loser._id });
    const unmerge = (dryRun: boolean) => business.unmerge(survivor._id, { loserId: loser._id, dryRun });
    for (const { _id } of [survivor, loser]) {
      await business.placeHold(_id);
      for (const dryRun of [true, false])
        await expectRefused(service, () => unmerge(dryRun), [409, 'legal-hold']);
      await business.releaseHold(_id);
    }
    expect((await unmerge(false)).status).toBe(200);
    for (const { _id } of [survivor, loser]) expect((await business.history(_id)).body.verified).toBe(true);
  });

  it('is passed by the purge, and purged in the next run after the hold is ended', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.placeHold(_id, REASON);
    await makeDue(service, business, _id);
    const { purged } = await expectNothingWritten(service, () => run(purge, { largestShare: 1 }));
    expect(purged).toBe(0);
    await business.releaseHold(_id);
    expect((await run(purge, { largestShare: 1 })).purged).toBe(1);
    expectProblem(await business.hold(_id), 404, 'customer-not-found');
    await run(finishErasures, {});
    const entries = await documentsIn(service, 'customer_audit', { customerId: _id });
    expect(entries.map(({ action, reason }) => [action, reason])).toEqual([
      ['create-customer', undefined],
      ['place-legal-hold', undefined],
      ['delete-customer', undefined],
      ['release-legal-hold', undefined],
    ]);
  });
});

/** A first customer merged into a middle one, and that one into a last one. */
const aChain = async (
  business: Business,
  loser?: { _id: string },
): Promise<[first: string, middle: string, last: string]> => {
  const first = loser ?? (await added(business));
  const [middle, last] = [await added(business), await added(business)];
  await business.merge(middle._id, { loserId: first._id });
  await business.merge(last._id, { loserId: middle._id });
  return [first._id, middle._id, last._id];
};

/** A chain in which only the first customer is held, as earlier versions left it. */
const aChainWithOneHeld = async (business: Business) => {
  const first = await added(business);
  await business.placeHold(first._id, REASON);
  const { legalHold, heldSince, holdReason } = await linkOf(first._id);
  await business.releaseHold(first._id);
  const chain = await aChain(business, first);
  const alone = { legalHold, heldSince, holdReason };
  await setLink(first._id, alone);
  return { chain, alone };
};

describe('a hold of customers that were merged', () => {
  const hour = 60 * 60 * 1_000;
  const letBeDue = (ids: readonly string[]) => setPurgeAfter(service, ids, new Date(Date.now() - hour));
  const heldOf = async (ids: readonly string[]): Promise<boolean[]> =>
    Promise.all(ids.map(async (id) => 'legalHold' in (await linkOf(id))));
  const written = async ({ businessId }: Business): Promise<number[]> => [
    await countIn(service, 'customer_audit', { businessId }),
    await countIn(service, 'outbox', { businessId }),
  ];
  /** How many history entries and how many events a step adds. */
  const addedBy = async (business: Business, step: () => Promise<Answer>): Promise<number[]> => {
    const before = await written(business);
    expect((await step()).status).toBe(200);
    return (await written(business)).map((count, place) => count - (before[place] ?? 0));
  };

  it('is that of the survivor, by each id of the chain', async () => {
    const business = aBusiness();
    const chain = await aChain(business);
    const [, , last] = chain;
    for (const id of chain) {
      expect((await business.hold(id)).body).toEqual({ _id: last, legalHold: false });
      const placed = await business.placeHold(id, REASON);
      expect(placed.body).toEqual({ _id: last, legalHold: true, since: expect.any(String) });
      for (const other of chain)
        expect((await business.hold(other)).body).toEqual({ ...placed.body, reason: REASON });
      expect((await business.releaseHold(id)).body).toEqual({ _id: last, legalHold: false });
    }
  });

  it('marks all of them in one transaction, each with an entry and an event; only the survivor has the reason', async () => {
    const business = aBusiness();
    const chain = await aChain(business);
    const [first, middle, last] = chain;
    const stranger = (await added(business))._id;
    expect(await addedBy(business, () => business.placeHold(first, REASON))).toEqual([3, 3]);
    expect(await heldOf([...chain, stranger])).toEqual([true, true, true, false]);
    const links = await Promise.all(chain.map(linkOf));
    expect(new Set(links.map(({ heldSince }) => heldSince.getTime())).size).toBe(1);
    expect(links.map((link) => 'holdReason' in link)).toEqual([false, false, true]);
    await expectNothingWritten(service, () => business.placeHold(middle, REASON));
    expect(await addedBy(business, () => business.placeHold(middle, 'a second case'))).toEqual([1, 1]);
    expect(await addedBy(business, () => business.releaseHold(middle))).toEqual([3, 3]);
    expect(await heldOf(chain)).toEqual([false, false, false]);
    await expectNothingWritten(service, () => business.releaseHold(first));
    for (const id of chain) {
      const { verified, items } = (await business.history(id)).body;
      expect(verified).toBe(true);
      const holds = items.filter(({ action }: { action: string }) => action.endsWith('legal-hold'));
      const places = [{ reason: REASON }, { reason: 'a second case' }];
      expect(holds.map(({ action, reason }: any) => [action, reason])).toEqual([
        ...(id === last ? places : [{}]).map(({ reason }: any) => ['place-legal-hold', reason]),
        ['release-legal-hold', undefined],
      ]);
      expect(await countIn(service, 'outbox', { customerId: id, type: 'hold-changed' })).toBe(holds.length);
    }
  });

  it('keeps all of them from the purge and from being erased; released, those that are due are purged', async () => {
    const business = aBusiness();
    const chain = await aChain(business);
    const [first, middle, last] = chain;
    await business.placeHold(first, REASON);
    await expectRefused(service, () => business.erase(last), [409, 'legal-hold']);
    for (const [survivor, loserId] of [
      [last, middle],
      [middle, first],
    ] as const)
      await expectRefused(service, () => business.unmerge(survivor, { loserId }), [409, 'legal-hold']);
    await business.delete(last);
    await letBeDue(chain);
    await expectNothingWritten(service, () => run(purge, { largestShare: 1 }));
    expect(await heldOf(chain)).toEqual([true, true, true]);
    await business.releaseHold(middle);
    expect((await run(purge, { largestShare: 1 })).purged).toBe(3);
    for (const id of chain) expectProblem(await business.hold(id), 404, 'customer-not-found');
  });

  it('stays on one that an earlier version held alone, and can be read and ended', async () => {
    const business = aBusiness();
    const { chain, alone } = await aChainWithOneHeld(business);
    const [, middle, last] = chain;
    const answer = { _id: last, legalHold: true, since: alone.heldSince.toISOString(), reason: REASON };
    for (const id of chain) expect((await business.hold(id)).body).toEqual(answer);
    await expectRefused(service, () => business.erase(last), [409, 'legal-hold']);
    expect(await addedBy(business, () => business.releaseHold(middle))).toEqual([1, 1]);
    expect(await heldOf(chain)).toEqual([false, false, false]);
  });

  it('is placed on all of them by the same reason when an earlier version held one alone', async () => {
    const business = aBusiness();
    const { chain, alone } = await aChainWithOneHeld(business);
    const [first, middle, last] = chain;
    const since = alone.heldSince.toISOString();
    expect((await business.placeHold(middle, REASON)).body).toEqual({ _id: last, legalHold: true, since });
    expect(await heldOf(chain)).toEqual([true, true, true]);
    expect(await linkOf(first)).not.toHaveProperty('holdReason');
    await service.database
      .collection('customer_link')
      .updateOne({ customerId: new Types.ObjectId(middle) }, { $unset: { legalHold: '', heldSince: '' } });
    expect(await addedBy(business, () => business.placeHold(last, REASON))).toEqual([2, 2]);
    expect(await heldOf(chain)).toEqual([true, true, true]);
    expect((await business.hold(first)).body).toEqual({ _id: last, legalHold: true, since, reason: REASON });
    await expectNothingWritten(service, () => business.placeHold(first, REASON));
  });

  it('is of the merged one itself once its survivor was purged', async () => {
    const business = aBusiness();
    const [survivor, loser] = [await added(business), await added(business)];
    await business.merge(survivor._id, { loserId: loser._id });
    await makeDue(service, business, survivor._id);
    expect((await run(purge, { largestShare: 1 })).purged).toBe(1);
    expect((await business.placeHold(loser._id, REASON)).body).toMatchObject({ _id: loser._id });
    expect((await business.hold(loser._id)).body).toMatchObject({ _id: loser._id, reason: REASON });
    expect((await business.releaseHold(loser._id)).body).toEqual({ _id: loser._id, legalHold: false });
  });

  it('is placed and ended whole while both are asked for at once, also where one was held alone', async () => {
    const business = aBusiness();
    const chain = await aChain(business);
    const [first, middle] = chain;
    await setLink(first, { legalHold: true });
    for (let race = 0; race < 10; race += 1) {
      const answers = await Promise.all([business.placeHold(first, REASON), business.releaseHold(middle)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(new Set(await heldOf(chain)).size).toBe(1);
      await business.releaseHold(first);
      await setLink(first, { legalHold: true });
    }
    for (const id of chain) expect((await business.history(id)).body.verified).toBe(true);
  });
});
