import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aCustomer } from '#test/support/a-customer.ts';
import { accessesIn, isAccessLine, withoutRequestIds } from '#test/support/access-lines.ts';
import { aClientId, type HttpAnswer, type Served, serveBundles } from '#test/support/served.ts';

const PATH = '/api/v1/customer';
const KEEPER = 'keep-access-log';

let served: Served;
const lines: { by: string; line: string }[] = [];
beforeAll(async () => {
  served = await serveBundles('access-log', {
    log: (by, line) => lines.push({ by: by.replace('CustomerManagement-', ''), line }),
  });
}, 120_000);
afterAll(() => served.stop());
beforeEach(() => {
  lines.length = 0;
});

const writtenBy = (wanted: (name: string) => boolean): string[] =>
  lines.filter(({ by }) => wanted(by)).map(({ line }) => line);
/** What the log group of its own holds, once so many lines are there. */
const kept = async (count: number): Promise<string[]> => {
  while (writtenBy((by) => by === KEEPER).length < count) await new Promise((done) => setTimeout(done, 20));
  return writtenBy((by) => by === KEEPER);
};
const created = async (): Promise<any> => {
  const answer = await served.request('POST', PATH, { body: aCustomer() });
  expect(answer.status).toBe(201);
  return answer.body;
};

describe('the access log', () => {
  it('holds one line for each access, and nothing else', async () => {
    const { _id } = await created();
    const other = await created();
    const calls: (() => Promise<HttpAnswer>)[] = [
      () => served.request('GET', `${PATH}/${_id}`),
      () => served.request('GET', `${PATH}/${_id}`, { role: 'SUPPORT' }),
      () => served.request('GET', `${PATH}/paged?phrase=anna&pageSize=5`),
      () => served.request('GET', `${PATH}/lookup?email=nobody@b.example`),
      () => served.request('GET', `${PATH}/${aClientId()}`),
      () => served.request('DELETE', `${PATH}/${_id}`, { role: 'SUPPORT' }),
      () => served.request('PUT', `${PATH}/${_id}`, { body: { note: 'changed' } }),
      () => served.request('PUT', `${PATH}/${_id}`, { body: { note: 'changed' } }),
      () => served.request('GET', `${PATH}/${_id}/history`, { role: 'PRIVACY' }),
      () => served.request('GET', `${PATH}/not-an-id`),
      () => served.request('GET', `${PATH}/${_id}`, { token: null }),
      () => served.request('GET', '/api/v1/openapi.json'),
    ];
    const statuses: number[] = [];
    for (const ask of calls) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 200, 200, 404, 404, 403, 200, 200, 200, 400, 401, 200]);

    const entries = accessesIn(await kept(8));
    const told = entries.map(({ useCase, outcome, role, customers }) => [useCase, outcome, role, customers]);
    const byUseCase = (name: string) => told.filter(([useCase]) => useCase === name);
    expect(byUseCase('get-customer')).toEqual([
      ['get-customer', 'read', 'OWNER', [_id]],
      ['get-customer', 'read', 'SUPPORT', [_id]],
      ['get-customer', 'denied', 'OWNER', [expect.stringMatching(/^[0-9a-f]{24}$/)]],
    ]);
    const [[, , , onPage] = []] = byUseCase('find-customers');
    expect([...onPage].sort()).toEqual([_id, other._id].sort());
    expect(byUseCase('look-up-customer')).toEqual([['look-up-customer', 'denied', 'OWNER', []]]);
    expect(byUseCase('delete-customer')).toEqual([['delete-customer', 'denied', 'SUPPORT', [_id]]]);
    expect(byUseCase('change-customer')).toEqual([['change-customer', 'unchanged', 'OWNER', [_id]]]);
    expect(byUseCase('get-customer-history')).toEqual([['get-customer-history', 'read', 'PRIVACY', [_id]]]);
    expect(told).toHaveLength(8);
  });

  it('holds every line letter by letter as the functions wrote it, and all that it holds is such lines', async () => {
    for (const phrase of ['anna', 'zoë', 'nobody'])
      await served.request('GET', `${PATH}/paged?phrase=${phrase}`);
    const inLog = await kept(3);
    const written = writtenBy((by) => by !== KEEPER).filter(isAccessLine);
    expect([...inLog].sort()).toEqual([...written].sort());
    expect(withoutRequestIds(inLog.join())).not.toMatch(/anna|zoë|canary/i);
  });
});
