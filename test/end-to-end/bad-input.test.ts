import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCustomer } from '#test/support/a-customer.ts';
import { goodRequest, routes } from '#test/support/routes.ts';
import { type HttpAnswer, type HttpCall, serveBundles, type Served } from '#test/support/served.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const LONG = 'x'.repeat(200_000);
const deep = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

/** Bodies that no route takes. A text is sent as it is. */
const BODIES: Readonly<Record<string, unknown>> = {
  'no JSON': '{"firstName":',
  nothing: '',
  null: 'null',
  'a number': '7',
  'an array': '[]',
  'a text': '"text"',
  'an unknown field': { nobodyKnowsThis: 1 },
  'an operator': { $where: 'sleep(1000)' },
  'operators as values': {
    firstName: { $ne: null },
    email: { $gt: '' },
    state: { $in: ['active'] },
    regularRequires: { $ne: 1 },
  },
  __proto__: '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}',
  'dotted keys': { 'stateHistory.0.state': 'active', 'a.b': 1 },
  'numbers for texts': { firstName: 1, state: 2, defaultCountry: 3 },
  'arrays for texts': { firstName: ['a'], state: ['active'], defaultCountry: ['PL'] },
  'too long a text': {
    firstName: LONG.slice(0, 51),
    note: LONG.slice(0, 20_001),
    state: LONG.slice(0, 99),
    defaultCountry: 'POL',
  },
  'deep nesting': deep(5_000),
  'too large a body': { note: LONG },
};

/** Queries that no route takes, by path. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/customer/paged': [
    'page=0',
    'page=-1',
    'page=1.5',
    'page=x',
    'page=1,2',
    'page=1&page=2',
    'cursor=%20',
    'cursor=x',
    'cursor=AQJrMQ',
    'cursor=../../etc/passwd',
    `cursor=${LONG.slice(0, 5_001)}`,
    'page=1&cursor=AQJrMQ',
    'pageSize=0',
    'pageSize=1001',
    'pageSize=NaN',
    'pageSize=1e99',
    'orderBy=phone',
    'orderBy[$ne]=x&orderBy=%24where',
    'orderDir=up',
    'state=gone',
    'state=active&state=deleted',
    'customerType=vip',
    'updatedSince=yesterday',
    'updatedSince=2026-13-01T00:00:00Z',
    'updatedSince=-271821-04-20T00:00:00.000Z',
    `phrase=${LONG.slice(0, 301)}`,
  ],
  '/api/v1/customer/lookup': ['', 'x=1', `email=${LONG.slice(0, 999)}`, `phone=${'1'.repeat(999)}`],
  '/api/v1/customer/{id}/history': ['pageSize=0', 'pageSize=x', 'cursor=x', 'cursor=-1', 'cursor=1e99'],
};

const hasBody = (method: string): boolean => ['POST', 'PUT', 'PATCH'].includes(method);

describe('bad input to every route answers 4xx and stores nothing', () => {
  let served: Served;
  let id = '';

  beforeAll(async () => {
    served = await serveBundles('bad');
    const { body } = await served.request('POST', '/api/v1/customer', { body: aCustomer() });
    id = body._id;
    // The event of this customer is put on the bus a moment later, which writes; nothing else does after it.
    const isRelaying = async (): Promise<boolean> => {
      const [leases, waiting] = await Promise.all([
        served.database.collection('lease').countDocuments(),
        served.database.collection('outbox').countDocuments({ pending: true }),
      ]);
      return leases + waiting > 0;
    };
    while (await isRelaying()) await new Promise((resolve) => setTimeout(resolve, 100));
  }, 120_000);
  afterAll(() => served.stop());

  const pathOf = (path: string, of = id): string => path.replace('{id}', of);
  const expectRefused = (answer: HttpAnswer, what: string): void => {
    const { status, text } = answer;
    const found = { what, status, isRefusal: status >= 400 && status < 500, saysWhy: text !== '' };
    expect(found).toEqual({ what, status, isRefusal: true, saysWhy: true });
  };

  const withBody = routes.filter(({ body }) => body !== undefined);
  it.each(withBody.map((route) => [route.name, route] as const))('%s: bodies', async (_name, route) => {
    await expectNothingWritten(served, async () => {
      for (const [what, body] of Object.entries(BODIES)) {
        const call = { body, headers: { 'if-match': '"0"' } };
        expectRefused(await served.request(route.method, pathOf(route.path), call), what);
      }
      const form = {
        body: 'firstName=Anna',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      };
      const answer = await served.request(route.method, pathOf(route.path), {
        ...form,
        headers: { ...form.headers, 'if-match': '"0"' },
      });
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported-media-type']);
    });
  });

  const withId = routes.filter(({ path }) => path.includes('{id}'));
  it.each(withId.map((route) => [route.name, route] as const))('%s: ids', async (_name, route) => {
    const { body } = goodRequest(route.name, id);
    const call: HttpCall = { ...(body !== undefined && { body }), headers: { 'if-match': '"0"' } };
    await expectNothingWritten(served, async () => {
      for (const of of [
        '1',
        'g'.repeat(24),
        `${id}0`,
        '%00',
        '%24ne',
        '..%2F..',
        '%F0%9F%92%A9',
        `${id}%20`,
      ]) {
        expectRefused(await served.request(route.method, pathOf(route.path, of), call), of);
      }
    });
  });

  it.each(routes.map((route) => [route.name, route] as const))('%s: headers', async (_name, route) => {
    const { body } = goodRequest(route.name, id);
    const send = (headers: Record<string, string>, more: HttpCall = {}) =>
      served.request(route.method, pathOf(route.path), {
        ...(body !== undefined && { body }),
        ...more,
        headers,
      });
    await expectNothingWritten(served, async () => {
      for (const tenant of [
        '',
        'x',
        '0'.repeat(23),
        `${served.businessId}, ${'f'.repeat(24)}`,
        '{"$ne":""}',
      ]) {
        expectRefused(await send({ 'x-business-tenant-id': tenant }), `tenant ${tenant}`);
      }
      expectRefused(
        await send({ 'x-business-tenant-id': 'f'.repeat(24) }),
        'a business that is not the caller’s',
      );
      for (const role of ['', 'owner', 'ROOT', 'OWNER:ADMIN', `OWNER ${served.businessId}:ADMIN`]) {
        expectRefused(await send({ 'if-match': '"0"' }, { role }), `role ${role}`);
      }
      if (route.precondition !== undefined) {
        for (const tag of ['0', '"', '"0', LONG.slice(0, 5_000), '"0" OR 1=1']) {
          expectRefused(await send({ 'if-match': tag }), `if-match ${tag.slice(0, 9)}`);
        }
      }
      if (route.method === 'POST') {
        expectRefused(
          await send({ 'idempotency-key': 'k'.repeat(256), 'if-match': '"0"' }),
          'too long a key',
        );
      }
    });
  });

  it.each(Object.entries(QUERIES))('%s: queries', async (path, queries) => {
    await expectNothingWritten(served, async () => {
      for (const query of queries) {
        expectRefused(await served.request('GET', `${pathOf(path)}?${query}`), query);
      }
    });
  });

  it.each<[string, string, Uint8Array]>([
    ['bytes of no text', 'application/octet-stream', Buffer.from([0xff, 0x00, 0xfe])],
    ['a picture that says it is JSON', 'application/json', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00])],
    ['UTF-16', 'application/json; charset=utf-16le', Buffer.from(JSON.stringify(aCustomer()), 'utf16le')],
    ['compressed JSON', 'application/json', gzipSync(JSON.stringify(aCustomer()))],
    ['a form with a file', 'multipart/form-data; boundary=x', Buffer.from('--x\r\n\r\n{}\r\n--x--')],
  ])('create-customer: a body of %s', async (what, contentType, body) => {
    await expectNothingWritten(served, async () => {
      const answer = await served.request('POST', '/api/v1/customer', {
        body,
        headers: { 'content-type': contentType },
      });
      expectRefused(answer, what);
    });
  });

  it('find-customers: phrases that are odd but may be asked', async () => {
    for (const phrase of [
      '.*',
      '(a+)+$',
      '$where',
      '{"$gt":""}',
      '\u0000',
      '\uFFFF',
      '😀',
      "'",
      '"',
      '\\',
      '%',
      ' ',
      '+',
      '0000',
      'a\u0301'.repeat(99),
    ]) {
      const answer = await served.request(
        'GET',
        `/api/v1/customer/paged?phrase=${encodeURIComponent(phrase)}`,
      );
      expect({ phrase, status: answer.status }).toEqual({ phrase, status: 200 });
    }
  });

  it('answers the gateway’s 404 to methods and paths that no route has', async () => {
    for (const [method, path] of [
      ['HEAD', `/api/v1/customer/${id}`],
      ['OPTIONS', `/api/v1/customer/${id}`],
      ['PUT', '/api/v1/customer'],
      ['DELETE', '/api/v1/customer/paged/all'],
      ['PATCH', '/api/v1/customer/settings/all'],
      ['GET', `/api/v1/customer/${id}/`],
      ['GET', '/api/v1/customer/..%2f..%2f'],
    ] as const) {
      const answer = await served.request(method, path, hasBody(method) ? { body: {} } : {});
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
  });
});
