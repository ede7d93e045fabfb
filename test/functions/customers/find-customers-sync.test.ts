import { describe, expect, it } from '@jest/globals';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { addDue, makeDue } from '#test/support/due.ts';
import { addMany } from '#test/support/many-customers.ts';
import { run, useService } from '#test/support/service.ts';

const service = useService('find-customers-sync');
const DAY_MS = 24 * 60 * 60 * 1_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const idsOf = ({ body }: { body: { items: { _id: string }[] } }) => body.items.map(({ _id }) => _id);

describe('GET /api/v1/customer/paged?updatedSince=', () => {
  it('answers what changed since, and 15 minutes more for clocks that differ and writes that were committed late', async () => {
    const business = aBusiness();
    const since = Date.parse('2026-03-01T12:00:00.000Z');
    const offsets = [-960_000, -900_001, -900_000, -1, 0, 1, 60_000];
    const ids = await addMany(business.businessId, offsets.length, (index) => ({
      firstName: 'A',
      at: new Date(since + (offsets[index] ?? 0)),
    }));
    const query = { updatedSince: new Date(since).toISOString(), orderBy: 'updatedAt', orderDir: 'asc' };
    const answer = await business.find(query);
    expect(idsOf(answer)).toEqual(ids.slice(2));
    expect(answer.body.totalSize).toBe(5);
  });

  it('never looks back less than 15 minutes, whatever the clock of the client says', async () => {
    const business = aBusiness();
    const [, recent] = await addMany(business.businessId, 2, (index) => ({
      firstName: 'A',
      at: new Date(Date.now() - [20, 10][index]! * 60_000),
    }));
    for (const updatedSince of [ago(0), ago(-60_000), ago(-DAY_MS), '9999-12-31T23:59:59.999Z'])
      expect(idsOf(await business.find({ updatedSince }))).toEqual([recent]);
    expect((await business.find({ updatedSince: ago(6 * 60_000) })).body.totalSize).toBe(2);
  });

  it('takes a moment with its offset', async () => {
    const business = aBusiness();
    await addMany(business.businessId, 1, () => ({
      firstName: 'A',
      at: new Date('2026-03-01T12:00:00.000Z'),
    }));
    const found = async (updatedSince: string) => (await business.find({ updatedSince })).body.totalSize;
    expect(await found('2026-03-01T14:00:00.000+02:00')).toBe(1);
    expect(await found('2026-03-01T14:00:00.000+01:00')).toBe(0);
  });

  it('answers the deleted ones too', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await business.delete(_id);
    const { body } = await business.find({ updatedSince: ago(1_000) });
    expect(body.items).toMatchObject([{ _id, state: 'deleted' }]);
  });

  it('finds a change of a customer that is old', async () => {
    const business = aBusiness();
    const [id = ''] = await addMany(business.businessId, 1, () => ({
      firstName: 'A',
      at: new Date('2026-01-01T00:00:00.000Z'),
    }));
    expect((await business.find({ updatedSince: ago(60_000) })).body.totalSize).toBe(0);
    await business.change(id, { note: 'now' });
    expect(idsOf(await business.find({ updatedSince: ago(60_000) }))).toEqual([id]);
  });

  it('answers purged ones as deleted, with nothing left of them', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    await makeDue(service, business, _id);
    await run(purge, { largestShare: 1 });
    const { body } = await business.find({ updatedSince: ago(60_000) });
    expect(body.totalSize).toBe(1);
    expect(body.items).toEqual([
      {
        _id,
        object: 'CustomerDto',
        _version: 'purged',
        firstName: null,
        lastName: null,
        phone: null,
        email: null,
        note: null,
        customerType: 'regular',
        state: 'deleted',
        stateHistory: [{ state: 'deleted', setAt: expect.any(String) }],
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    ]);
    expect((await business.find({})).body.totalSize).toBe(0);
    expect((await aBusiness().find({ updatedSince: ago(60_000) })).body.totalSize).toBe(0);
  });

  it('pages through living and purged ones without a repeat', async () => {
    const business = aBusiness();
    const purged = await addDue(service, 7, business);
    await run(purge, { largestShare: 1 });
    const living = await addMany(business.businessId, 8, () => ({ firstName: 'A' }));
    const seen: string[] = [];
    for (let page = 1; page <= 5; page += 1) {
      const answer = await business.find({ updatedSince: ago(60_000), pageSize: '4', page: String(page) });
      expect(answer.body.totalSize).toBe(15);
      expect(answer.body.items).toHaveLength([4, 4, 4, 3, 0][page - 1] ?? -1);
      seen.push(...idsOf(answer));
    }
    expect(seen.toSorted()).toEqual([...living, ...purged].toSorted());
  });

  it('leaves purged ones out where a filter asks for what they do not have', async () => {
    const business = aBusiness();
    await addDue(service, 1, business);
    await run(purge, { largestShare: 1 });
    const total = async (filter: Readonly<Record<string, string>>) =>
      (await business.find({ updatedSince: ago(60_000), ...filter })).body.totalSize;
    expect(await total({ state: 'deleted' })).toBe(1);
    expect(await total({ state: 'active' })).toBe(0);
    expect(await total({ customerType: 'regular' })).toBe(0);
    expect(await total({ phrase: 'due' })).toBe(0);
  });

  it.each(['', '  ', "'"])('takes %j for no phrase: purged ones are there', async (phrase) => {
    const business = aBusiness();
    await addDue(service, 1, business);
    await run(purge, { largestShare: 1 });
    expect((await business.find({ updatedSince: ago(60_000), phrase })).body.totalSize).toBe(1);
  });

  it('asks for a new start when purged ones may be forgotten: after 400 days', async () => {
    const business = aBusiness();
    const asked = async (ms: number) => (await business.find({ updatedSince: ago(ms) })).body;
    expect(await asked(401 * DAY_MS)).toMatchObject({ resyncRequired: true });
    expect(await asked(399 * DAY_MS)).not.toHaveProperty('resyncRequired');
    expect((await business.find({ updatedSince: '1970-01-01T00:00:00.000Z' })).status).toBe(200);
  });
});
