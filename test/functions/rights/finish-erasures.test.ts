import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';
import { addDue } from '#test/support/due.ts';
import { run, useService } from '#test/support/service.ts';
import { documentIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('finish-erasures');
const finish = (input: object = {}) => run(finishErasures, input);
const MINUTE_MS = 60_000;

const erased = async (business = aBusiness()) => {
  const { _id } = await added(business);
  await business.erase(_id);
  return _id;
};
const linesAbout = (id: string) => service.ledger.lines().filter(({ customerId }) => customerId === id);
const age = async (id: string, minutes: number) => {
  const { _id } = await documentIn(service, 'erasure', { _id: id });
  await service.database
    .collection('erasure')
    .updateOne({ _id }, { $set: { at: new Date(Date.now() - minutes * MINUTE_MS) } });
};

beforeEach(async () => {
  service.ledger.allow();
  await finish();
});

describe('the ledger', () => {
  it('has one line for each erasure, with ids, times and the head of the history; the receipt says so', async () => {
    const business = aBusiness();
    const id = await erased(business);
    expect((await business.erasure(id)).body.ledgered).toBe(false);
    expect(await finish()).toMatchObject({ ledgered: 1, oldestUnledgeredMinutes: null });
    const { at, auditSeq, auditHead } = await documentIn(service, 'erasure', { _id: id });
    expect(linesAbout(id)).toEqual([
      {
        ...{ v: 1, businessId: business.businessId, customerId: id },
        ...{ at: at.toISOString(), cause: 'request', auditSeq },
        auditHead: Buffer.from(auditHead.buffer).toString('hex'),
      },
    ]);
    expect((await business.erasure(id)).body.ledgered).toBe(true);
    expect(service.ledger.keys().at(-1)).toMatch(
      /^erasures\/\d{4}\/\d\d\/\d\d\/\d{8}T\d{9}Z-[0-9a-f]{16}\.ndjson$/,
    );
    expect(await expectNothingWritten(service, finish)).toMatchObject({ ledgered: 0 });
  });

  it('has purges too, up to so many in a file, oldest first', async () => {
    const before = service.ledger.keys().length;
    const business = aBusiness();
    const due = await addDue(service, 5, business);
    await run(purge, { largestShare: 1 });
    expect(await finish({ batchSize: 2 })).toMatchObject({ ledgered: 5 });
    for (const id of due) expect(linesAbout(id)).toMatchObject([{ cause: 'retention' }]);
    expect(service.ledger.keys()).toHaveLength(before + 3);
    expect((await business.erasure(due[0] ?? '')).body).toMatchObject({ ledgered: true, cause: 'retention' });
  });

  it('has a file once that a killed run wrote and did not mark', async () => {
    const id = await erased();
    await finish();
    const before = service.ledger.keys();
    const { _id } = await documentIn(service, 'erasure', { _id: id });
    await service.database.collection('erasure').updateOne({ _id }, { $set: { unledgered: true } });
    expect(await finish()).toMatchObject({ ledgered: 1 });
    expect(service.ledger.keys()).toEqual(before);
    expect(linesAbout(id)).toHaveLength(1);
  });

  it('is tried again when its bucket fails; the customers are removed all the same', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.setState(_id, { state: 'suspended', reason: 'canary reason' });
    await business.erase(_id, { reason: 'x' }, { remainingMs: 1_250 });
    service.ledger.allow('s3:GetObject');
    await expect(finish()).rejects.toThrow('finish-erasures failed');
    expect((await business.erasure(_id)).body).toMatchObject({ status: 'done', ledgered: false });
    service.ledger.allow();
    expect(await finish()).toMatchObject({ ledgered: 1 });
    expect((await business.erasure(_id)).body.ledgered).toBe(true);
  });
});

describe('an alarm', () => {
  const metricsOf = async (steps: () => Promise<unknown>) => metricsIn(await linesWrittenBy(steps));
  const failing = () => metricsOf(() => finish().catch(() => undefined));

  it('is set off by an erasure that is not in the ledger after 15 minutes, also when the run fails', async () => {
    const id = await erased();
    service.ledger.allow('s3:GetObject');
    await age(id, 14);
    expect(await failing()).toEqual([]);
    await age(id, 16);
    expect(await failing()).toEqual(['LedgerOverdue']);
    service.ledger.allow();
    expect(await metricsOf(finish)).toEqual(['ErasuresChecked']);
  });

  it('is set off by one that is not finished after a day', async () => {
    const id = await erased();
    await age(id, 24 * 60 + 1);
    const { _id } = await documentIn(service, 'erasure', { _id: id });
    const open = () => service.database.collection('erasure').updateOne({ _id }, { $set: { open: true } });
    await open();
    const outOfTime = () => run(finishErasures, {}, 30_500);
    expect(await metricsOf(outOfTime)).toContain('ErasureOverdue');
    expect(await metricsOf(finish)).toEqual(['ErasuresChecked']);
  });
});

describe('a run', () => {
  it('does nothing while another one works', async () => {
    const id = await erased();
    const held = { holder: 'another run', until: new Date(Date.now() + MINUTE_MS) };
    const leases = service.database.collection('lease');
    await leases.insertOne({ _id: 'finish-erasures' as never, ...held });
    expect(await expectNothingWritten(service, finish)).toEqual({
      outcome: 'another-run',
      finished: 0,
      ledgered: 0,
      oldestOpenHours: null,
      oldestUnledgeredMinutes: null,
    });
    await leases.deleteMany({});
    expect(await finish()).toMatchObject({ outcome: 'finished', ledgered: 1 });
    expect(linesAbout(id)).toHaveLength(1);
  });
});
