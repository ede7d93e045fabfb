import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCustomer } from '#test/support/a-customer.ts';
import { type HttpAnswer, serveBundles, type Served } from '#test/support/served.ts';

const path = '/api/v1/customer';
const CUSTOMERS = 45;
const SINCE = '2026-01-01T00:00:00Z';

describe('a list, through the gateway', () => {
  let served: Served;
  const created = new Set<string>();

  const find = (query: Record<string, string>): Promise<HttpAnswer> =>
    served.request('GET', `${path}/paged?${new URLSearchParams(query).toString()}`);

  const walk = async (query: Record<string, string>): Promise<HttpAnswer[]> => {
    const answers = [await find(query)];
    for (
      let cursor = answers[0]?.body.nextCursor;
      cursor !== undefined;
      cursor = answers.at(-1)?.body.nextCursor
    ) {
      answers.push(await find({ ...query, cursor }));
    }
    return answers;
  };
  const idsOf = (answers: readonly HttpAnswer[]): string[] =>
    answers.flatMap(({ body }) => body.items.map(({ _id }: { _id: string }) => _id));

  beforeAll(async () => {
    served = await serveBundles('lists');
    const answers = await Promise.all(
      Array.from({ length: CUSTOMERS }, (_, index) =>
        served.request('POST', path, {
          body: aCustomer({ firstName: 'Łucja & Zoë', lastName: index % 2 === 0 ? 'Ōe + Ñu' : 'Їжак' }),
        }),
      ),
    );
    for (const { body } of answers) created.add(body._id);
    expect(created.size).toBe(CUSTOMERS);
  }, 120_000);
  afterAll(() => served.stop());

  it.each([
    { orderBy: 'name', pageSize: '20' },
    { orderBy: 'createdAt', orderDir: 'asc', phrase: 'łucja zoe', pageSize: '7' },
    { updatedSince: SINCE, orderBy: 'updatedAt', pageSize: '44' },
  ])('is walked by cursor to its end: %j', async (query) => {
    const answers = await walk(query);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers).toHaveLength(Math.ceil(CUSTOMERS / Number(query.pageSize)));
    const ids = idsOf(answers);
    expect([ids.length, new Set(ids)]).toEqual([CUSTOMERS, created]);
    for (const { body } of answers) expect(body.totalSize).toBe(CUSTOMERS);
  });

  it('ends with the purged, after a run of the schedule', async () => {
    const [gone = ''] = created;
    expect((await served.request('DELETE', `${path}/${gone}`)).status).toBe(200);
    await served.database
      .collection('customer_link')
      .updateOne({ state: 'deleted' }, { $set: { purgeAfter: new Date(0) } });
    await served.gateway.runSchedule('purge-deleted-customers', { largestShare: 1 });
    const items = (await walk({ updatedSince: SINCE, pageSize: '20' })).flatMap(({ body }) => body.items);
    expect(items.at(-1)).toMatchObject({ _id: gone, _version: 'purged' });
    expect(new Set(items.map(({ _id }) => _id))).toEqual(created);
  });

  it('refuses a cursor of another list and says what to do', async () => {
    const { body } = await find({ pageSize: '1' });
    const answer = await find({ pageSize: '1', state: 'active', cursor: body.nextCursor });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
    expect(answer.body.errors).toMatchObject([{ in: 'query', pointer: '#/cursor' }]);
    expect(answer.body.errors[0].message).toContain('Start again without it');
  });
});
