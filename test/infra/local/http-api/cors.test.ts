import { describe, expect, it } from '@jest/globals';
import type { CorsDefinition } from '#infra/local/assembly/definitions.ts';
import { preflightAnswer, withCors } from '#infra/local/http-api/cors.ts';
import type { Answer } from '../fixtures/http-call.ts';
import { useFixtureService } from '../fixtures/fixture-service.ts';

const { ask } = useFixtureService();

const cors: CorsDefinition = {
  origins: ['https://panel.example', 'https://*.shops.example', 'http://localhost:*'],
  methods: ['GET', 'PUT'],
  headers: ['content-type'],
  exposed: ['etag', 'location'],
  credentials: false,
};
const plain = { status: 200, headers: [['etag', '"1"']], body: Buffer.alloc(0) } as const;
const from = (origin: string, more: Readonly<Record<string, string>> = {}) => ({
  method: 'OPTIONS',
  headers: new Map(Object.entries({ origin, ...more })),
});
const allowedOrigin = (definition: CorsDefinition, origin: string): string | undefined =>
  withCors(definition, from(origin), plain).headers.find(
    ([name]) => name === 'access-control-allow-origin',
  )?.[1];

describe('an origin', () => {
  it.each(['https://panel.example', 'https://anna.shops.example', 'http://localhost:5173'])(
    'that is configured is answered as it is: %s',
    (origin) => {
      expect(allowedOrigin(cors, origin)).toBe(origin);
    },
  );

  it.each([
    'http://panel.example',
    'https://panel.example.evil.example',
    'https://.shops.example',
    'https://shops.example',
    'https://PANEL.example',
    'null',
  ])('that is not configured gets nothing: %s', (origin) => {
    expect(allowedOrigin(cors, origin)).toBeUndefined();
  });

  it('is answered as * where every origin is allowed', () => {
    expect(allowedOrigin({ ...cors, origins: ['*'] }, 'https://any.example')).toBe('*');
  });

  it('may send credentials only where the API says so', () => {
    const headers = (definition: CorsDefinition) =>
      withCors(definition, from('https://panel.example'), plain).headers;
    expect(headers(cors)).not.toContainEqual(['access-control-allow-credentials', 'true']);
    expect(headers({ ...cors, credentials: true })).toContainEqual([
      'access-control-allow-credentials',
      'true',
    ]);
  });
});

describe('a preflight', () => {
  it('is an OPTIONS with an origin and a method it asks for', () => {
    const asked = from('https://panel.example', { 'access-control-request-method': 'PUT' });
    expect(preflightAnswer(cors, asked)?.status).toBe(204);
    expect(preflightAnswer(cors, { ...asked, method: 'GET' })).toBeUndefined();
    expect(preflightAnswer(cors, from('https://panel.example'))).toBeUndefined();
    expect(
      preflightAnswer(cors, { ...asked, headers: new Map([['access-control-request-method', 'PUT']]) }),
    ).toBeUndefined();
  });

  it('may ask for several headers, in any letter case', () => {
    const asked = (headers: string) =>
      preflightAnswer(
        { ...cors, headers: ['content-type', 'if-match'] },
        from('https://panel.example', {
          'access-control-request-method': 'PUT',
          'access-control-request-headers': headers,
        }),
      )?.headers;
    expect(asked('Content-Type,IF-MATCH')).toContainEqual([
      'access-control-allow-headers',
      'content-type,if-match',
    ]);
    expect(asked('content-type, x-secret')).toEqual([]);
  });
});

describe('CORS over HTTP', () => {
  const preflight = (origin: string, method = 'POST', headers = 'Authorization, content-type') =>
    ask({
      method: 'OPTIONS',
      path: '/private',
      headers: [
        ['origin', origin],
        ['access-control-request-method', method],
        ['access-control-request-headers', headers],
      ],
    });
  const allowances = ({ headers }: Answer): string[] =>
    Object.keys(headers).filter((name) => name.startsWith('access-control-'));

  it('answers a preflight without asking authorizer or function', async () => {
    const answer = await preflight('https://panel.example');
    expect(answer).toMatchObject({
      status: 204,
      text: '',
      headers: {
        'access-control-allow-origin': 'https://panel.example',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '3600',
      },
    });
  });

  it.each([
    ['origin', () => preflight('https://evil.example')],
    ['method', () => preflight('https://panel.example', 'DELETE')],
    ['header', () => preflight('https://panel.example', 'GET', 'x-other')],
  ])('allows nothing to a preflight with another %s', async (_, asked) => {
    const answer = await asked();
    expect(answer.status).toBe(204);
    expect(allowances(answer)).toEqual([]);
  });

  it('puts the configured headers on answers, its own refusals too', async () => {
    const headers = [['origin', 'https://panel.example']] as const;
    const expected = {
      'access-control-allow-origin': 'https://panel.example',
      'access-control-expose-headers': 'etag',
    };
    expect(await ask({ path: '/echo', headers })).toMatchObject({ status: 200, headers: expected });
    expect(await ask({ path: '/private', headers })).toMatchObject({ status: 401, headers: expected });
  });

  it('puts none on answers to other origins, and drops those of the function', async () => {
    const own = JSON.stringify({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } });
    const answer = await ask({
      path: '/echo',
      headers: [
        ['origin', 'https://evil.example'],
        ['x-answer', own],
      ],
    });
    expect(answer.status).toBe(200);
    expect(allowances(answer)).toEqual([]);
  });
});
