import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { fixtureAssembly } from '../fixtures/fixture-assembly.ts';
import { type Answer, call } from '../fixtures/http-call.ts';

/** The parts of an event that these tests look at. */
type Event = Readonly<{
  version: string;
  routeKey: string;
  rawPath: string;
  rawQueryString: string;
  queryStringParameters?: Record<string, string>;
  pathParameters?: Record<string, string>;
  headers: Record<string, string>;
  cookies?: string[];
  body?: string;
  isBase64Encoded: boolean;
  requestContext: Record<string, unknown> & {
    http: Record<string, string>;
    authorizer?: { jwt: { claims: Record<string, string>; scopes: string[] | null } };
  };
}>;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ assembly: await fixtureAssembly() });
});
afterAll(() => gateway.stop());

type Call = Parameters<typeof call>[1];

const ask = (asked: Call): Promise<Answer> => call(gateway.url, asked);
const eventOf = async (asked: Call): Promise<Event> => ((await ask(asked)).json() as { event: Event }).event;
const answerFor = (result: unknown): Promise<Answer> =>
  ask({ path: '/echo', headers: [['x-answer', JSON.stringify(result)]] });

describe('the path of an event', () => {
  it('is decoded', async () => {
    expect(await eventOf({ path: '/echo/a%20%C3%A9' })).toMatchObject({ rawPath: '/echo/a é' });
  });

  it('is decoded twice', async () => {
    const event = await eventOf({ path: '/echo/a%252Fmore' });
    expect(event).toMatchObject({ rawPath: '/echo/a/more', routeKey: 'GET /echo/{id}/more' });
  });

  it('ends at an encoded question mark', async () => {
    expect(await eventOf({ path: '/echo/a%3Fb?c=d' })).toMatchObject({
      rawPath: '/echo/a',
      rawQueryString: 'c=d',
    });
  });

  it('is refused with 400 when it is no valid percent-encoding', async () => {
    expect(await ask({ path: '/echo/%E0%A4' })).toMatchObject({
      status: 400,
      text: '{"message":"Bad Request"}',
    });
  });

  it('gives decoded path parameters, and no key where the route has none', async () => {
    expect((await eventOf({ path: '/echo/a%20b/more' })).pathParameters).toEqual({ id: 'a b' });
    expect((await eventOf({ path: '/any/a/b%20c' })).pathParameters).toEqual({ rest: 'a/b c' });
    expect(await eventOf({ path: '/echo' })).not.toHaveProperty('pathParameters');
  });
});

describe('the query of an event', () => {
  it('stays encoded in rawQueryString', async () => {
    expect((await eventOf({ path: '/echo?a=%20&b=+&c=1?2' })).rawQueryString).toBe('a=%20&b=+&c=1?2');
  });

  it('is decoded as a form is in queryStringParameters, duplicates joined with a comma', async () => {
    const event = await eventOf({ path: '/echo?name=a+b&name=%2B&x=%C5%81&empty' });
    expect(event.queryStringParameters).toEqual({ name: 'a b,+', x: 'Ł', empty: '' });
  });

  it('is an empty rawQueryString and no queryStringParameters when there is none', async () => {
    const event = await eventOf({ path: '/echo' });
    expect(event.rawQueryString).toBe('');
    expect(event).not.toHaveProperty('queryStringParameters');
  });
});

describe('the headers of an event', () => {
  it('have lower-case names, and duplicates joined with a comma', async () => {
    const { headers } = await eventOf({
      path: '/echo',
      headers: [
        ['X-Twice', 'one'],
        ['x-twice', 'two'],
      ],
    });
    expect(headers).toMatchObject({ 'x-twice': 'one,two' });
  });

  it('leave cookies to the list of cookies', async () => {
    const event = await eventOf({ path: '/echo', headers: [['Cookie', 'a=1; b=2']] });
    expect(event.cookies).toEqual(['a=1', 'b=2']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  it('do without a list of cookies when there is none', async () => {
    expect(await eventOf({ path: '/echo' })).not.toHaveProperty('cookies');
  });

  it('say where the call came from', async () => {
    const { headers } = await eventOf({ path: '/echo', headers: [['x-forwarded-for', '203.0.113.7']] });
    expect(headers).toMatchObject({
      'content-length': '0',
      'x-forwarded-for': '203.0.113.7, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
  });
});

describe('the body of an event', () => {
  const bodyOf = async (
    type: string | undefined,
    body: string,
  ): Promise<Pick<Event, 'body' | 'isBase64Encoded'>> => {
    const headers = type === undefined ? [] : [['content-type', type] as const];
    const event = await eventOf({ method: 'POST', path: '/echo', headers, body });
    return { body: event.body ?? '', isBase64Encoded: event.isBase64Encoded };
  };

  it.each([
    'text/plain',
    'text/csv',
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
  ])('is text for %s', async (type) => {
    expect(await bodyOf(type, '{"a":"ł"}')).toEqual({ body: '{"a":"ł"}', isBase64Encoded: false });
  });

  it.each(['application/javascript', 'application/xml'])('is text for %s', async (type) => {
    expect(await bodyOf(type, '<a/>')).toEqual({ body: '<a/>', isBase64Encoded: false });
  });

  it.each(['application/merge-patch+json', 'application/x-www-form-urlencoded', 'image/png', undefined])(
    'is base64 for %s',
    async (type) => {
      expect(await bodyOf(type, 'a=ł')).toEqual({
        body: Buffer.from('a=ł').toString('base64'),
        isBase64Encoded: true,
      });
    },
  );

  it('is an absent key when there is none', async () => {
    const event = await eventOf({ path: '/echo' });
    expect(event).not.toHaveProperty('body');
    expect(event.isBase64Encoded).toBe(false);
  });
});

describe('the context of an event', () => {
  it('names route, stage, method, path, caller and time', async () => {
    const { version, requestContext } = await eventOf({
      path: '/echo/7',
      headers: [['user-agent', 'probe']],
    });
    expect(version).toBe('2.0');
    expect(requestContext).toEqual({
      accountId: '000000000000',
      apiId: expect.any(String),
      domainName: '127.0.0.1',
      domainPrefix: '127',
      http: {
        method: 'GET',
        path: '/echo/7',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'probe',
      },
      requestId: expect.any(String),
      routeKey: 'GET /echo/{id}',
      stage: '$default',
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    });
  });

  it('carries the request id that the answer carries', async () => {
    const answer = await ask({ path: '/echo' });
    const { event } = answer.json() as { event: Event };
    expect(event.requestContext.requestId).toBe(answer.headers['apigw-requestid']);
  });
});

describe('a response', () => {
  it('without statusCode is 200 with the result as JSON', async () => {
    const answer = await answerFor({ some: 'result' });
    expect(answer).toMatchObject({ status: 200, text: '{"some":"result"}' });
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it('that is a text is 200 with that text', async () => {
    expect(await answerFor('Hello')).toMatchObject({ status: 200, text: 'Hello' });
  });

  it('has its status, headers and body', async () => {
    const answer = await answerFor({
      statusCode: 418,
      headers: { 'X-Tea': 'pot', ETag: '"1"' },
      body: 'short',
    });
    expect(answer).toMatchObject({ status: 418, text: 'short', headers: { 'x-tea': 'pot', etag: '"1"' } });
  });

  it('with a body and no content type is plain text', async () => {
    expect((await answerFor({ statusCode: 200, body: 'x' })).headers['content-type']).toBe(
      'text/plain;charset=utf-8',
    );
  });

  it('has its base64 body decoded', async () => {
    const body = Buffer.from('żółw').toString('base64');
    expect(await answerFor({ statusCode: 200, body, isBase64Encoded: true })).toMatchObject({ text: 'żółw' });
  });

  it('has one Set-Cookie header per cookie', async () => {
    const answer = await answerFor({ statusCode: 200, cookies: ['a=1; Secure', 'b=2'] });
    expect(answer.headers['set-cookie']).toEqual(['a=1; Secure', 'b=2']);
  });

  it('knows headers only: multiValueHeaders belong to payload 1.0', async () => {
    const answer = await answerFor({ statusCode: 200, multiValueHeaders: { 'x-many': ['1', '2'] } });
    expect(answer.headers).not.toHaveProperty('x-many');
  });

  it.each([
    { statusCode: 'many' },
    { statusCode: 99 },
    { statusCode: 200, body: { not: 'text' } },
    { statusCode: 200, headers: { 'not a name': 'x' } },
    { statusCode: 200, headers: { 'x-split': 'a\r\nb' } },
  ])('that is malformed is a 500: %j', async (result) => {
    expect(await answerFor(result)).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
    });
  });
});

describe('routing', () => {
  it.each([
    ['GET', '/nowhere'],
    ['PUT', '/echo'],
    ['GET', '/echo/'],
    ['GET', '/Echo'],
    ['GET', '/any/'],
  ])('answers 404 where there is no route: %s %s', async (method, path) => {
    expect(await ask({ method, path })).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
  });
});

describe('limits', () => {
  it('refuse more than 10,240 bytes of request line and header values with 431', async () => {
    const refused = await ask({ path: '/echo', headers: [['x-long', 'x'.repeat(10_240)]] });
    expect(refused).toMatchObject({ status: 431, text: '{"message":"Request Header Fields Too Large"}' });
    expect(await ask({ path: '/echo', headers: [['x-long', 'x'.repeat(10_000)]] })).toMatchObject({
      status: 200,
    });
  });

  it.each([
    ['above 10 MB, the API’s own limit', 10 * 1024 * 1024 + 1],
    ['above 6 MB as an event, Lambda’s limit', 6 * 1024 * 1024],
  ])('refuse a body %s with 413', async (_, length) => {
    const body = Buffer.alloc(length, 'x');
    const refused = await ask({
      method: 'POST',
      path: '/echo',
      headers: [['content-type', 'text/plain']],
      body,
    });
    expect(refused).toMatchObject({ status: 413, text: '{"message":"Request Entity Too Large"}' });
  });

  it('turn a result above 6 MB into a 500', async () => {
    expect(await ask({ path: '/misbehave?behaviour=huge' })).toMatchObject({ status: 500 });
  });
});

describe('the JWT authorizer', () => {
  const member = { businessId: 'b1', role: 'OWNER' };
  const bearer = (token: string) => [['Authorization', `Bearer ${token}`]] as const;

  it('answers 401 when the identity source is missing', async () => {
    const answer = await ask({ path: '/private' });
    expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    ['no token at all', () => 'nonsense'],
    ['expired', () => gateway.token({ ...member, claims: { exp: 1 } })],
    ['without an expiry', () => gateway.token({ ...member, claims: { exp: undefined } })],
    [
      'not valid yet',
      () => gateway.token({ ...member, claims: { nbf: Math.floor(Date.now() / 1_000) + 600 } }),
    ],
    [
      'issued in the future',
      () => gateway.token({ ...member, claims: { iat: Math.floor(Date.now() / 1_000) + 600 } }),
    ],
    ['of another issuer', () => gateway.token({ ...member, claims: { iss: 'https://other.example' } })],
    ['for another audience', () => gateway.token({ ...member, claims: { aud: 'other' } })],
    [
      'with another signature',
      () => gateway.token(member).replace(/[^.]+$/, (signature) => signature.split('').reverse().join('')),
    ],
    [
      'with other claims',
      () =>
        gateway.token(member).replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"x"}').toString('base64url')}.`),
    ],
    [
      'unsigned',
      () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${gateway.token(member).split('.')[1] ?? ''}.`,
    ],
  ])('answers 401 to a token that is %s', async (_, token) => {
    expect(await ask({ path: '/private', headers: bearer(token()) })).toMatchObject({
      status: 401,
      text: '{"message":"Unauthorized"}',
      headers: { 'www-authenticate': expect.stringContaining('invalid_token') },
    });
  });

  it('refuses before the function runs', async () => {
    await ask({ path: '/private' });
    const before = gateway.environments();
    await ask({ path: '/private', headers: bearer('nonsense') });
    expect(gateway.environments()).toEqual(before);
  });

  it('takes a token with or without Bearer', async () => {
    const token = gateway.token(member);
    expect(await ask({ path: '/private', headers: [['authorization', token]] })).toMatchObject({
      status: 200,
    });
    expect(await ask({ path: '/private', headers: [['authorization', `bearer ${token}`]] })).toMatchObject({
      status: 200,
    });
  });

  it('hands every claim on as a string, a list as [a b]', async () => {
    const token = gateway.token({
      ...member,
      sub: 'anna',
      claims: { list: ['a', 1], yes: true, map: { a: [1, 2] } },
    });
    const event = await eventOf({ path: '/private', headers: bearer(token) });
    expect(event.requestContext.authorizer?.jwt.scopes).toBeNull();
    expect(event.requestContext.authorizer?.jwt.claims).toEqual({
      iss: 'https://issuer.example',
      aud: 'fixture',
      sub: 'anna',
      iat: expect.stringMatching(/^\d+$/),
      exp: expect.stringMatching(/^\d+$/),
      business_roles: 'b1:OWNER',
      list: '[a 1]',
      yes: 'true',
      map: 'map[a:[1 2]]',
    });
  });

  it('is absent from the event of a route without one', async () => {
    const event = await eventOf({ path: '/echo', headers: bearer(gateway.token(member)) });
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });

  it('answers 403 when the route’s scope is missing', async () => {
    const token = gateway.token({ ...member, claims: { scope: 'customers:read' } });
    expect(await ask({ path: '/scoped', headers: bearer(token) })).toMatchObject({
      status: 403,
      text: '{"message":"Forbidden"}',
    });
  });

  it('hands the scopes on where the route names one', async () => {
    const token = gateway.token({ ...member, claims: { scope: 'customers:read customers:write' } });
    const event = await eventOf({ path: '/scoped', headers: bearer(token) });
    expect(event.requestContext.authorizer?.jwt.scopes).toEqual(['customers:read', 'customers:write']);
  });
});

describe('CORS', () => {
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
