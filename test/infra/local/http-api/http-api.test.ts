import { describe, expect, it } from '@jest/globals';
import { useFixtureService } from '../fixtures/fixture-service.ts';

const { ask, answerFor } = useFixtureService();

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
