import { beforeAll, describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { goodRequest, handlerOf, isOfTwo, routeNames, routes } from '#test/support/routes.ts';
import { anEvent, call, type Call, send, useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const service = useService('bad-requests');
const business = aBusiness();
let id = '';
beforeAll(async () => {
  id = (await added(business))._id;
});

const withBody = routes.filter(({ body }) => body !== undefined).map(({ name }) => name);
const aboutOne = routes.filter(({ params }) => params !== undefined).map(({ name }) => name);

const asking = async (name: string, wrong: Call) =>
  call(await handlerOf(name), { businessId: business.businessId, ...goodRequest(name, id), ...wrong });

/** Routes whose body has a field that must be there. */
const NEEDING_A_FIELD = [
  ...['set-customer-state', 'record-consents', 'place-legal-hold', 'erase-customer', 'get-snapshots'],
  ...['find-attendees', 'create-segment', 'change-segment', 'find-recipients'],
];

/** Their bodies may have 1 MiB: they are lists of a hundred. */
const TAKING_MORE = ['apply-operations', 'find-attendees'];

const nested = (depth: number): string => `${'{"note":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('a route with a body', () => {
  const cases: readonly (readonly [string, string, number, string])[] = [
    ['no body', '', 400, 'malformed-json'],
    ['half a body', '{"note":', 400, 'malformed-json'],
    ['a body with a comma too many', '{"note":"a",}', 400, 'malformed-json'],
    ['a form', 'note=a', 400, 'malformed-json'],
    ['a byte order mark', '\ufeff{}', 400, 'malformed-json'],
    ['null', 'null', 400, 'invalid-request'],
    ['a list', '[]', 400, 'invalid-request'],
    ['a list of bodies', '[{"note":"a"}]', 400, 'invalid-request'],
    ['a text', '"note"', 400, 'invalid-request'],
    ['a number', '1e999', 400, 'invalid-request'],
    ['an operator', '{"$set":{"note":"a"}}', 400, 'unknown-field'],
    ['an operator for a name', '{"note.$where":"1"}', 400, 'unknown-field'],
    ['a constructor', '{"constructor":{"prototype":{"polluted":1}}}', 400, 'unknown-field'],
    [
      '8,000 unknown fields',
      `{${Array.from({ length: 8_000 }, (_, at) => `"f${String(at)}":1`).join()}}`,
      400,
      'unknown-field',
    ],
    [
      '9,000 unknown fields',
      `{${Array.from({ length: 9_000 }, (_, at) => `"f${String(at)}":1`).join()}}`,
      400,
      'invalid-request',
    ],
    [
      '30,000 entries in a field that is ignored',
      `{"syncErrors":[${'0,'.repeat(30_000)}0]}`,
      400,
      'invalid-request',
    ],
    [
      '21 levels in a field that is ignored',
      `{"syncErrors":${'['.repeat(20)}${']'.repeat(20)}}`,
      400,
      'invalid-request',
    ],
    ['an unknown field with a name of 60 KB', `{"${'x'.repeat(60_000)}":1}`, 400, 'unknown-field'],
    ['128 KiB and a byte', `{"note":"${'x'.repeat(128 * 1024 - 10)}"}`, 413, 'body-too-large'],
    ['200 KB of text', `{"note":"${'x'.repeat(200_000)}"}`, 413, 'body-too-large'],
  ];
  it.each(cases)('refuses %s, with a small answer, and stores nothing', async (_what, body, status, code) => {
    await expectNothingWritten(service, async () => {
      for (const name of withBody) {
        const answer = await asking(name, { body });
        // A field that is missing as well makes it an invalid request.
        const isMoreWrong =
          (code === 'unknown-field' && (NEEDING_A_FIELD.includes(name) || isOfTwo(name))) ||
          (code !== 'malformed-json' && TAKING_MORE.includes(name));
        expectProblem(
          answer,
          ...(isMoreWrong ? ([400, 'invalid-request'] as const) : ([status, code] as const)),
        );
        expect(answer.text.length).toBeLessThan(20_000);
        expect(answer.text).not.toContain('x'.repeat(200));
      }
    });
  });

  it('refuses nesting of any depth and stores nothing', async () => {
    await expectNothingWritten(service, async () => {
      for (const name of withBody) {
        for (const body of [nested(100), nested(5_000), '['.repeat(30_000)]) {
          expect((await asking(name, { body })).status).toBe(400);
        }
      }
    });
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'is not changed by a field called %s',
    async (field) => {
      await expectNothingWritten(service, async () => {
        for (const name of withBody) {
          const { status } = await asking(name, { body: `{"${field}":{"polluted":true,"state":"deleted"}}` });
          expect(status).toBeLessThan(500);
        }
      });
      expect(Object.prototype).not.toHaveProperty('polluted');
    },
  );

  it.each([
    undefined,
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonx',
  ])('answers 415 to the content type %s', async (type) => {
    await expectNothingWritten(service, async () => {
      for (const name of withBody) {
        const event = anEvent({ businessId: business.businessId, ...goodRequest(name, id) });
        const { 'content-type': _, ...headers } = event.headers as Record<string, string>;
        const sent = {
          ...event,
          headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
        };
        expectProblem(await send(await handlerOf(name), sent), 415, 'unsupported-media-type');
      }
    });
  });
});

describe('every route', () => {
  it.each([
    '',
    ' ',
    'null',
    'undefined',
    '[object Object]',
    '$ne',
    '../settings',
    'a'.repeat(10_000),
    '\u0000',
    '٥'.repeat(24),
  ])('answers 400 to the id %j', async (wrong) => {
    await expectNothingWritten(service, async () => {
      for (const name of aboutOne) {
        expectProblem(await asking(name, { id: wrong, path: { segmentId: wrong } }), 400, 'invalid-request');
      }
    });
  });

  it.each<Record<string, string>>([
    { 'if-match': '"0' },
    { 'if-match': 'x'.repeat(8_000) },
    { 'if-match': '"a",'.repeat(1_000) },
    { 'idempotency-key': 'k'.repeat(256) },
  ])('never fails on the headers %j', async (headers) => {
    for (const name of routeNames) {
      const { status } = await asking(name, { headers });
      expect(status).toBeLessThan(500);
    }
  });

  it.each([
    'page',
    'pageSize',
    'orderBy',
    'orderDir',
    'state',
    'customerType',
    'updatedSince',
    'phrase',
    'cursor',
    'email',
    'phone',
  ])('never fails on, nor writes by, a hostile query parameter %s', async (parameter) => {
    const hostile = [
      '',
      '[]',
      '{}',
      '{"$ne":null}',
      '$where',
      'null',
      '-1',
      '1e9',
      'NaN',
      '\u0000',
      '%00',
      "'",
      'x'.repeat(9_000),
      'a,b',
      '__proto__',
    ];
    const reading = routes.filter(({ query }) => query !== undefined).map(({ name }) => name);
    await expectNothingWritten(service, async () => {
      for (const name of reading) {
        for (const value of hostile) {
          const { status } = await asking(name, { query: { [parameter]: value } });
          expect([200, 400, 404]).toContain(status);
        }
      }
    });
  });

  it('answers 500 without detail when it has a fault of its own', async () => {
    const answer = await send(await handlerOf('get-customer'), { requestContext: {}, headers: null });
    expectProblem(answer, 500, 'internal-error');
    expect(answer.text).not.toMatch(/TypeError|Cannot read|\.ts/);
  });
});
