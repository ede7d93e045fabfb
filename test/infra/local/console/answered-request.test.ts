import { describe, expect, it } from '@jest/globals';
import type { AnsweredRequest } from '#infra/local/console/answered-request.ts';
import { useFixtureService } from '../fixtures/fixture-service.ts';
import type { Call } from '../fixtures/http-call.ts';

const told: AnsweredRequest[] = [];
const { ask } = useFixtureService({ answered: (request) => told.push(request) });
const ID = '64c0ffee64c0ffee64c0ffee';

const toldOf = async (asked: Call): Promise<AnsweredRequest | undefined> => {
  told.length = 0;
  await ask(asked);
  return told[0];
};

describe('what is told of an answered request', () => {
  it('is its method, path and function, the status, and how long it took', async () => {
    expect(await toldOf({ path: '/echo' })).toEqual({
      ...{ method: 'GET', path: '/echo', status: 200 },
      durationMs: expect.any(Number),
      functionName: expect.stringContaining('echo'),
    });
  });

  it('is the code of a problem', async () => {
    const problem = {
      statusCode: 409,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify({ code: 'duplicate-email', detail: 'anna@example.com is taken' }),
    };
    const asked = { path: '/echo', headers: [['x-answer', JSON.stringify(problem)]] } satisfies Call;
    expect(await toldOf(asked)).toMatchObject({ status: 409, problem: 'duplicate-email' });
  });

  it.each(['anna@example.com', 'Anna', '', 7, null, { a: 1 }])(
    'is the name of the status when the code is %j',
    async (code) => {
      const problem = {
        statusCode: 409,
        headers: { 'content-type': 'application/problem+json' },
        body: JSON.stringify({ code }),
      };
      const asked = { path: '/echo', headers: [['x-answer', JSON.stringify(problem)]] } satisfies Call;
      expect(await toldOf(asked)).toMatchObject({ status: 409, problem: 'Conflict' });
    },
  );

  it('is never a query', async () => {
    const shown = await toldOf({ path: '/echo?phrase=anna' });
    expect(shown?.path).toBe('/echo');
  });

  it('has an id in place of a variable, and nothing else', async () => {
    expect(await toldOf({ path: `/echo/${ID}` })).toMatchObject({ path: `/echo/${ID}`, status: 200 });
    expect(await toldOf({ path: '/echo/anna%40example.com' })).toMatchObject({ path: '/echo/{id}' });
  });

  it('is, of a path that no route has, only words of routes and ids', async () => {
    const shown = await toldOf({ path: `/echo/anna%40example.com/${ID}` });
    expect(shown).toMatchObject({ path: `/echo/…/${ID}`, status: 404, problem: 'Not Found' });
  });

  it.each(['/_local/anna@example.com', '/docs/anna%20nowak', '/anna', '/%E0%A4%A'])(
    'does not hold %s',
    async (path) => {
      expect((await toldOf({ path }))?.path ?? '').not.toMatch(/anna|%/);
    },
  );

  it('names the calls of this gateway itself, and leaves out the files of the docs page', async () => {
    expect(await toldOf({ path: '/_local/token?sub=anna' })).toMatchObject({
      path: '/_local/token',
      status: 200,
    });
    expect(await toldOf({ path: '/docs' })).toMatchObject({ path: '/docs', status: 200 });
    expect(await toldOf({ path: '/docs/page.js' })).toBeUndefined();
  });
});
