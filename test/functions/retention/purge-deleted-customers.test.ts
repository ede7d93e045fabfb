import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { SystemScope } from '#lib/domain/access/scope.ts';
import { purgeBatch } from '#lib/store/retention/purge.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';
import { addDue, makeDue, setPurgeAfter } from '#test/support/due.ts';
import { addMany } from '#test/support/many-customers.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';
import { commandsOf } from '#test/support/wire/probe.ts';

const service = useService('purge-deleted-customers');
const DAY_MS = 24 * 60 * 60 * 1_000;

/** What a run did: its answer, and the metrics it counted. */
const purging = async (input: object = {}, remainingMs?: number) => {
  let outcome: any;
  const lines = await linesWrittenBy(async () => {
    outcome = await run(purge, input, remainingMs);
  });
  return { ...outcome, metrics: metricsIn(lines) };
};
const FINISHED = { outcome: 'finished', aboveShare: [], metrics: ['PurgeCompleted'] };

/** Each test begins with nothing due. */
beforeEach(async () => {
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
  await service.database.collection('customer_link').deleteMany({});
});
afterEach(() => {
  delete process.env['PURGE_SWITCH'];
});

describe('the scheduled purge', () => {
  it('removes what is due and reports that it finished', async () => {
    const ids = await addDue(service, 3);
    expect(await purging()).toEqual({ ...FINISHED, purged: 3, due: 3 });
    for (const customerId of ids) {
      expect(await countIn(service, 'customer', { _id: customerId })).toBe(0);
      expect(await countIn(service, 'customer_link', { customerId })).toBe(0);
    }
  });

  it('removes again what came back with a backup, and keeps the first record of it', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await makeDue(service, business, _id);
    const collections = ['customer', 'customer_link'];
    const backup = await Promise.all([
      documentsIn(service, 'customer', { _id }),
      documentsIn(service, 'customer_link', { customerId: _id }),
    ]);
    await purging();
    const records = async () => [
      await documentIn(service, 'erasure', { _id }),
      await documentIn(service, 'tombstone', { _id }),
    ];
    const noted = await records();
    for (const [index, name] of collections.entries())
      await service.database.collection(name).insertMany(backup[index] ?? []);
    expect(await purging()).toEqual({ ...FINISHED, purged: 1, due: 1 });
    expect(await countIn(service, 'customer', { _id })).toBe(0);
    expect(await records()).toEqual(noted);
  });

  it('reports that it finished when nothing was due, and sends no write', async () => {
    const commands = await commandsOf(async () => {
      expect(await purging()).toEqual({ ...FINISHED, purged: 0, due: 0 });
    });
    expect(commands.map(({ name }) => name)).not.toContain('bulkWrite');
  });

  it('reads of a link what its purge has to leave behind, and no more', async () => {
    await addDue(service, 1);
    const commands = await commandsOf(async () => {
      await purging();
    });
    const projections = commands.filter(({ name }) => name === 'find').map(({ body }) => body['projection']);
    const [fields] = projections;
    const ofHistory = ['auditHead', 'auditSeal', 'auditSeq'];
    const names = [...ofHistory, 'businessId', 'customerId', 'keyUse', 'mergedInto', 'version'];
    expect(Object.keys(Object(fields)).sort()).toEqual(names);
  });

  it('leaves one erasure record with the head of its history, one tombstone and one event', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await makeDue(service, business, _id);
    const link = await documentIn(service, 'customer_link', { customerId: _id });
    await purging();
    const { auditSeq, auditHead, auditSeal, businessId, keyUse, customerId, version } = link;
    const erasure = await documentIn(service, 'erasure', { _id });
    const { at } = erasure;
    expect(at).toBeInstanceOf(Date);
    expect(erasure).toMatchObject({ cause: 'retention', auditSeq, businessId, keyUse, version });
    expect(keyUse).toMatch(/./);
    expect(erasure.auditHead.buffer).toEqual(auditHead.buffer);
    expect(erasure.auditSeal.buffer).toEqual(auditSeal.buffer);
    expect(await documentIn(service, 'tombstone', { _id })).toMatchObject({ businessId, at });
    const event = await documentIn(service, 'outbox', { customerId: _id, type: 'customer-purged' });
    const { _id: _, ...rest } = event;
    const type = 'customer-purged';
    const seq = auditSeq + 1;
    expect(rest).toEqual({ type, businessId, customerId, seq, version, state: 'deleted', at, pending: true });
  });

  it('takes those first that have been due longest', async () => {
    const ids = await addDue(service, 3);
    const [first = '', second = ''] = ids.toReversed();
    await setPurgeAfter(service, [second], new Date(Date.now() - 2 * DAY_MS));
    await setPurgeAfter(service, [first], new Date(Date.now() - 3 * DAY_MS));
    expect(await purgeBatch(2, aSystemScope('purge-deleted-customers'))).toBe(2);
    const left = await documentsIn(service, 'customer_link', {});
    expect(left.map(({ customerId }) => String(customerId))).toEqual(ids.slice(0, 1));
  });

  it('takes one from before it was noted which keys a history needs', async () => {
    const [_id = ''] = await addDue(service, 1);
    await service.database.collection('customer_link').updateMany({}, { $unset: { keyUse: '' } });
    expect(await purging()).toMatchObject({ purged: 1 });
    expect(await documentIn(service, 'erasure', { _id })).toMatchObject({ keyUse: '' });
  });

  it('takes a link whose customer a broken backup did not bring back', async () => {
    const [_id = ''] = await addDue(service, 1);
    await service.database.collection('customer').deleteMany({ _id: new Types.ObjectId(_id) });
    expect(await purging()).toMatchObject({ purged: 1, due: 1 });
    expect(await countIn(service, 'customer_link', {})).toBe(0);
  });

  it('takes what would undo a merge of one who is gone, whichever of the two, and no other', async () => {
    const [first = '', second = ''] = await addDue(service, 2);
    const merges = service.database.collection('merge');
    const [one, two, other] = [new Types.ObjectId(), new Types.ObjectId(), new Types.ObjectId()];
    await merges.insertMany([
      { _id: new Types.ObjectId(first), survivorId: one },
      { _id: two, survivorId: new Types.ObjectId(second) },
      { _id: other, survivorId: one },
    ]);
    expect(await purging()).toMatchObject({ purged: 2 });
    expect((await merges.find().toArray()).map(({ _id }) => _id)).toEqual([other]);
  });

  it('does not begin a batch again that failed by a defect', async () => {
    const scope = new SystemScope({
      purpose: 'no-such-task',
      requestId: 'no-such-task 1',
      deadline: Date.now() + 24 * 60 * 60 * 1_000,
    });
    await expect(purgeBatch(1, scope)).rejects.toThrow('Not sent');
  });

  it('keeps the history, but no free text of a person', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.setState(_id, { state: 'suspended', reason: 'private matters' });
    await makeDue(service, business, _id);
    await purging();
    expect(await run(finishErasures, {})).toMatchObject({ outcome: 'finished' });
    const entries = await documentsIn(service, 'customer_audit', { customerId: _id });
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    for (const entry of entries) expect(entry).not.toHaveProperty('reason');
    // Says of the second entry that it was blanked.
    expect(entries.map((entry) => 'reasonCommitment' in entry)).toEqual([false, true, false]);
  });

  it('removes nothing that is live, deleted a moment ago, kept for ever, or held', async () => {
    const business = aBusiness();
    const live = await added(business);
    const fresh = await added(business);
    await business.delete(fresh._id);
    const tomorrow = await added(business, { state: 'deleted' });
    await setPurgeAfter(service, [tomorrow._id], new Date(Date.now() + DAY_MS));
    const keeper = aBusiness();
    await keeper.chooseSettings({ retentionDays: null });
    await added(keeper, { state: 'deleted' });
    const held = await addDue(service, 1, business);
    const links = service.database.collection('customer_link');
    await links.updateMany({ purgeAfter: { $lt: new Date() } }, { $set: { legalHold: true } });
    // What no rule of ours writes: a live customer with a time to be purged.
    await setPurgeAfter(service, [live._id], new Date(Date.now() - DAY_MS));
    const { metrics, ...outcome } = await expectNothingWritten(service, () => purging());
    expect(outcome).toEqual({ outcome: 'finished', purged: 0, due: 0, aboveShare: [] });
    expect(metrics).toEqual(['PurgeCompleted']);
    await links.updateMany({ legalHold: true }, { $set: { legalHold: false } });
    expect((await purging()).purged).toBe(held.length);
  });

  it('does not remove one that was restored after its time had come', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await makeDue(service, business, _id);
    await business.restore(_id);
    expect((await purging()).purged).toBe(0);
    expect((await business.get(_id)).status).toBe(200);
  });

  it('removes everything in batches', async () => {
    await addDue(service, 25);
    expect(await purging({ batchSize: 10 })).toEqual({ ...FINISHED, purged: 25, due: 25 });
    expect(await purging()).toMatchObject({ purged: 0, due: 0 });
  });

  it('does each once when three copies run at once', async () => {
    const ids = await addDue(service, 60);
    const outcomes = await Promise.all([1, 2, 3].map(() => run(purge, { batchSize: 7 })));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['finished', 'finished', 'finished']);
    expect(outcomes.reduce((sum, { purged }) => sum + purged, 0)).toBe(60);
    expect(await countIn(service, 'customer_link', {})).toBe(0);
    for (const [collection, name] of [
      ['erasure', '_id'],
      ['tombstone', '_id'],
      ['customer', '_id'],
    ] as const) {
      const left = await Promise.all(ids.map((id) => countIn(service, collection, { [name]: id })));
      expect(new Set(left)).toEqual(new Set([collection === 'customer' ? 0 : 1]));
    }
  });
});

describe('the scheduled purge stops, without a heartbeat,', () => {
  it('before anything when it is switched off', async () => {
    await addDue(service, 2);
    process.env['PURGE_SWITCH'] = 'off';
    const outcome = await expectNothingWritten(service, () => purging());
    expect(outcome).toEqual({ outcome: 'switched-off', purged: 0, due: 0, aboveShare: [], metrics: [] });
  });

  it('before the first delete when it would remove more of a business than a share', async () => {
    const large = aBusiness();
    await addDue(service, 12, large);
    await addMany(large.businessId, 8, () => ({ firstName: 'Live' }));
    const small = await addDue(service, 3);
    const outcome = await expectNothingWritten(service, () => purging({ shareCountsFrom: 10 }));
    expect(outcome).toEqual({
      outcome: 'above-share',
      purged: 0,
      due: 12 + small.length,
      aboveShare: [large.businessId],
      metrics: [],
    });
    expect(await purging({ shareCountsFrom: 10, largestShare: 0.6 })).toMatchObject({ purged: 15 });
  });

  it('in a dry run, which tells what is due and removes nothing', async () => {
    await addDue(service, 4);
    const outcome = await expectNothingWritten(service, () => purging({ dryRun: true }));
    expect(outcome).toEqual({ outcome: 'dry-run', purged: 0, due: 4, aboveShare: [], metrics: [] });
  });

  it('a minute before its time is over, to be taken up by the next run', async () => {
    await addDue(service, 4);
    expect(await purging({ batchSize: 1 }, 61_000)).toMatchObject({ outcome: 'out-of-time', metrics: [] });
    expect(await purging()).toMatchObject({ outcome: 'finished' });
    expect(await countIn(service, 'customer_link', {})).toBe(0);
  });

  it.each([{ batchSize: 0 }, { batchSize: 501 }, { largestShare: 2 }, { dryRun: 'yes' }])(
    'when it is started with %j',
    async (input) => {
      await addDue(service, 1);
      await expectNothingWritten(service, async () => {
        await expect(run(purge, input)).rejects.toThrow('purge-deleted-customers failed');
      });
    },
  );
});

describe('a customer that was purged', () => {
  it('is found nowhere', async () => {
    const business = aBusiness();
    const { _id, email, phone, lastName } = await added(business);
    await makeDue(service, business, _id);
    await purging();
    expect((await business.get(_id)).status).toBe(404);
    expect((await business.history(_id)).status).toBe(404);
    expect((await business.restore(_id)).status).toBe(404);
    expect((await business.lookUp({ email, phone })).status).toBe(404);
    expect((await business.find({ phrase: lastName })).body.totalSize).toBe(0);
    expect((await business.delete(_id)).status).toBe(200);
  });

  it.each(['of the same business', 'of another business'])(
    'has an _id that no customer %s gets',
    async (of) => {
      const business = aBusiness();
      const { _id } = await added(business);
      await makeDue(service, business, _id);
      await purging();
      const asking = of === 'of the same business' ? business : aBusiness();
      await expectRefused(service, () => asking.create(aCustomer({ _id })), [400, 'id-taken']);
    },
  );
});
