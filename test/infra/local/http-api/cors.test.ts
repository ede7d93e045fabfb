import { describe, expect, it } from '@jest/globals';
import type { CorsDefinition } from '#infra/local/assembly/definitions.ts';
import { preflightAnswer, withCors } from '#infra/local/http-api/cors.ts';

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
