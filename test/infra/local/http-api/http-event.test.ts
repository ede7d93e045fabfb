import { describe, expect, it } from '@jest/globals';
import { type Event, useFixtureService } from '../fixtures/fixture-service.ts';

const { ask, eventOf } = useFixtureService();

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
