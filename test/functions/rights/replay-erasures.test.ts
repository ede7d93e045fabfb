import { beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { handler as replayErasures } from '#functions/rights/replay-erasures/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { copyDatabase, putBack } from '#test/support/database-copy.ts';
import { makeDue } from '#test/support/due.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('replay-erasures');
const replay = (input: object = {}) => run(replayErasures, { dryRun: false, ...input });
const finish = () => run(finishErasures, {});

/** Leaves a customer that was erased, in the ledger, and brought back by a restore of the whole database. */
const broughtBack = async () => {
  const business = aBusiness();
  const { _id } = await added(business);
  const copy = await copyDatabase(service);
  await business.erase(_id, { reason: 'a wish', ground: 'objection' });
  await finish();
  await putBack(service, copy);
  return { business, _id };
};
const collection = (name: string) => service.database.collection(name);

beforeEach(async () => {
  await replay();
  await finish();
});

describe('a replay of the ledger', () => {
  it('is a dry run unless it is told otherwise: it counts who is back and writes nothing', async () => {
    const { business, _id } = await broughtBack();
    const answer = await expectNothingWritten(service, () => run(replayErasures, {}));
    expect(answer).toMatchObject({ outcome: 'dry-run', returned: 1, unreadable: null });
    expect((await business.get(_id)).status).toBe(200);
  });

  it('erases again whoever is back, whatever hold it is under, and its history verifies', async () => {
    const { business, _id } = await broughtBack();
    await business.placeHold(_id, 'a case at court');
    const { body: before } = await business.find({ updatedSince: '2020-01-01T00:00:00.000Z' });
    expect(before.items).toMatchObject([{ _id, state: 'active' }]);
    expect(await replay()).toMatchObject({ outcome: 'finished', returned: 1 });
    expect((await business.get(_id)).status).toBe(404);
    expect((await business.erasure(_id)).body).toMatchObject({
      status: 'running',
      cause: 'request',
      ledgered: true,
    });
    expect(await finish()).toMatchObject({ outcome: 'finished', finished: 1, ledgered: 0 });
    expect((await business.erasure(_id)).body.status).toBe('done');
    const history = await documentsIn(service, 'customer_audit', { customerId: _id });
    expect(history.filter(({ reason }) => reason !== undefined)).toEqual([]);
    expect(history.find(({ action }) => action === 'replay-erasures')).toMatchObject({
      ...{ actor: 'replay-erasures', role: null, from: 'active', to: 'deleted' },
    });
    expect(await run(verifyHistories, { businessId: business.businessId })).toMatchObject({
      flawed: [],
      checked: 1,
    });
    const { body: after } = await business.find({ updatedSince: '2020-01-01T00:00:00.000Z' });
    expect(after.items).toMatchObject([{ _id, state: 'deleted', email: null }]);
    expect(await countIn(service, 'outbox', { customerId: _id, type: 'customer-erased' })).toBe(1);
  });

  it('is harmless twice, and by two at once', async () => {
    const { _id } = await broughtBack();
    const both = await Promise.all([replay(), replay()]);
    expect(both.map(({ returned }) => returned).sort()).toEqual([0, 1]);
    await finish();
    const answer = await expectNothingWritten(service, replay);
    expect(answer).toMatchObject({ outcome: 'finished', returned: 0 });
    expect(await countIn(service, 'customer_audit', { customerId: _id, action: 'replay-erasures' })).toBe(1);
  });

  it('keeps the cause of a purge, and writes no second line', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const copy = await copyDatabase(service);
    await makeDue(service, business, _id);
    await run(purge, { largestShare: 1 });
    await finish();
    await putBack(service, copy);
    await replay();
    expect((await business.erasure(_id)).body).toMatchObject({ cause: 'retention', ledgered: true });
    expect(await countIn(service, 'outbox', { customerId: _id, type: 'customer-purged' })).toBe(1);
    await finish();
    expect(service.ledger.lines().filter(({ customerId }) => customerId === _id)).toHaveLength(1);
  });

  it('tells offline copies again: the tombstone has a new time', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const copy = await copyDatabase(service);
    await business.erase(_id);
    await finish();
    // A copy of the collections one after another may have both the tombstone and the customer.
    const [tombstone] = await documentsIn(service, 'tombstone', { _id });
    const [erasure] = await documentsIn(service, 'erasure', { _id });
    await putBack(service, copy);
    await collection('tombstone').insertOne(tombstone as never);
    await collection('erasure').insertOne(erasure as never);
    await replay();
    const { at } = await documentIn(service, 'tombstone', { _id });
    expect(at.getTime()).toBeGreaterThan(tombstone.at.getTime());
    await finish();
    expect(await run(verifyHistories, { businessId: business.businessId })).toMatchObject({ flawed: [] });
  });

  it('removes a customer whose link the copy does not have', async () => {
    const { business, _id } = await broughtBack();
    await collection('customer_link').deleteOne({ customerId: new Types.ObjectId(_id) });
    expect(await replay()).toMatchObject({ returned: 1 });
    expect(await countIn(service, 'customer', { _id })).toBe(0);
    expect((await business.erasure(_id)).status).toBe(200);
  });

  it('leaves everybody else as they are, also who has the id in another business', async () => {
    const { _id } = await broughtBack();
    const other = aBusiness();
    const bystander = await added(other);
    await collection('customer_link').updateOne(
      { customerId: new Types.ObjectId(_id) },
      { $set: { businessId: new Types.ObjectId(other.businessId) } },
    );
    expect(await expectNothingWritten(service, replay)).toMatchObject({ returned: 0 });
    expect((await other.get(bystander._id)).body).toEqual(bystander);
    await collection('customer_link').deleteOne({ customerId: new Types.ObjectId(_id) });
  });

  it('goes on after the file where an earlier run stood', async () => {
    const { business, _id } = await broughtBack();
    const last = service.ledger.keys().at(-1);
    const stopped = await expectNothingWritten(service, () => run(replayErasures, { dryRun: false }, 60_000));
    expect(stopped).toMatchObject({ outcome: 'out-of-time', files: 0, after: null });
    expect(await replay({ after: last })).toMatchObject({ files: 0, returned: 0, after: last });
    expect((await business.get(_id)).status).toBe(200);
    expect(await replay({ after: service.ledger.keys().at(-2) })).toMatchObject({
      ...{ files: 1, returned: 1, after: last },
    });
  });
});

describe('a file that is none of the ledger’s', () => {
  const AFTER_ALL = 'erasures/9999/01/01/x.ndjson';
  it('stops the replay, which names file and line and writes nothing more', async () => {
    const { business, _id } = await broughtBack();
    const last = service.ledger.keys().at(-1) ?? '';
    const good = service.ledger.text(last);
    await service.ledger.put(last, `${good}{"v":1,"customerId":"${_id}"}\n`);
    const answer = await expectNothingWritten(service, replay);
    expect(answer).toMatchObject({ outcome: 'unreadable', unreadable: { file: last, line: 2 } });
    expect((await business.get(_id)).status).toBe(200);
    await service.ledger.put(last, good);
    expect(await replay()).toMatchObject({ outcome: 'finished', returned: 1 });
  });

  it('stops it too when it is empty, or damaged', async () => {
    await service.ledger.put(AFTER_ALL, '');
    const last = service.ledger.keys().at(-2);
    expect(await replay()).toMatchObject({ unreadable: { file: AFTER_ALL, line: 1 }, after: last });
    await service.ledger.damage(AFTER_ALL);
    expect(await replay()).toMatchObject({ unreadable: { file: AFTER_ALL, line: null }, after: last });
  });
});
