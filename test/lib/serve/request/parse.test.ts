import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineRoute, type Route } from '#lib/contract/route.ts';
import type { Refusal } from '#lib/domain/errors.ts';
import type { HttpEvent } from '#lib/serve/request/http-event.ts';
import { bodyText, parseRequest } from '#lib/serve/request/parse.ts';

const contract = defineRoute({
  name: 'greet',
  summary: 'Greet',
  method: 'PUT',
  path: '/greetings/{id}',
  impact: 'nobody is greeted',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: [],
  params: z.object({ id: z.string().max(5) }),
  query: z.object({ times: z.coerce.number().int().min(1).default(1) }),
  body: z.strictObject({ name: z.string().max(20), 'a/b~c': z.string().optional() }),
  precondition: 'optional',
  answers: { 200: z.object({}) },
  problems: [],
  bodyLimitBytes: 100,
});

const anEvent = (overrides: Partial<HttpEvent> = {}): HttpEvent =>
  ({
    headers: { 'content-type': 'application/json' },
    pathParameters: { id: 'x' },
    body: '{"name":"Anna"}',
    isBase64Encoded: false,
    ...overrides,
  }) as HttpEvent;

const refusalIn = (event: HttpEvent, of: Route = contract): Refusal => {
  try {
    parseRequest(of, event);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('Nothing was refused.');
};
const refusalOf = (overrides: Partial<HttpEvent>): Refusal => refusalIn(anEvent(overrides));
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

describe('parseRequest', () => {
  it('gives what the contract declares, parsed, and nothing else', () => {
    const event = anEvent({ queryStringParameters: { times: '3', members: 'x' } });
    expect(parseRequest(contract, event)).toEqual({
      params: { id: 'x' },
      query: { times: 3 },
      body: { name: 'Anna' },
    });
  });

  it('takes absent parts as empty, as the gateway leaves them out', () => {
    expect(parseRequest(contract, anEvent()).query).toEqual({ times: 1 });
    const { pathParameters: _, ...withoutPath } = anEvent();
    expect(refusalIn(withoutPath).details.violations).toMatchObject([{ in: 'path' }]);
  });

  it('reports every finding of every part at once, by its place', () => {
    const { code, details } = refusalOf({
      pathParameters: { id: 'far too long' },
      queryStringParameters: { times: '0' },
      body: '{"name":7}',
    });
    expect(code).toBe('invalid-request');
    expect(details.violations?.map(({ in: part, pointer }) => `${part} ${pointer}`)).toEqual([
      'path #/id',
      'query #/times',
      'body #/name',
    ]);
  });

  it('names the place and the rule of a finding', () => {
    const { details } = refusalOf({ body: `{"name":"${'x'.repeat(21)}","a/b~c":1}` });
    expect(details.violations).toEqual([
      { in: 'body', pointer: '#/name', error: 'too-big', message: expect.stringMatching(/[^.]\.$/) },
      { in: 'body', pointer: '#/a~1b~0c', error: 'invalid-type', message: expect.stringMatching(/[^.]\.$/) },
    ]);
  });

  it('calls it an unknown field only where nothing else is wrong', () => {
    const unknown = { in: 'body', pointer: '#/x', error: 'unknown-field', message: expect.any(String) };
    const only = refusalOf({ body: '{"name":"A","x":1}' });
    expect([only.code, only.details.violations]).toEqual(['unknown-field', [unknown]]);
    const mixed = refusalOf({ body: '{"name":1,"x":1}' });
    expect([mixed.code, mixed.details.violations]).toEqual(['invalid-request', [expect.anything(), unknown]]);
  });

  it('calls it an unknown parameter only where nothing else is wrong, and says which one was meant', () => {
    const only = refusalOf({ queryStringParameters: { time: '3' } });
    expect([only.code, only.message]).toEqual([
      'unknown-parameter',
      'Some parameters are not valid: time. Did you mean `times`?',
    ]);
    expect(only.details.violations).toMatchObject([
      { in: 'query', pointer: '#/time', error: 'unknown-parameter' },
    ]);
    const mixed = refusalOf({ queryStringParameters: { time: '3', times: '0' }, body: '{"name":"A","x":1}' });
    expect([mixed.code, mixed.message]).toEqual([
      'invalid-request',
      'Some fields and parameters are not valid: time, times, x.',
    ]);
    expect(mixed.details.violations).toHaveLength(3);
  });

  it('does not repeat the name of a parameter that may be a value', () => {
    const { message, details } = refusalOf({ queryStringParameters: { 'canary@example.com': '1' } });
    expect(message).toBe('This request is not valid. Use one of these: `times`.');
    expect(JSON.stringify(details)).not.toContain('canary');
  });

  it('takes an empty parameter as an absent one', () => {
    const event = anEvent({ queryStringParameters: { times: '', other: '' } });
    expect(parseRequest(contract, event).query).toEqual({ times: 1 });
  });

  it('refuses a parameter where the contract has none', () => {
    const { query: _, ...without } = contract;
    const refusal = refusalIn(anEvent({ queryStringParameters: { times: '3' } }), without);
    expect([refusal.code, refusal.message]).toEqual([
      'unknown-parameter',
      'Some parameters are not valid: times. This route has no query parameters. Leave it out.',
    ]);
  });

  it('names 50 findings at most, five of them in its message, each place once and cut to 60 characters', () => {
    const wide = { ...contract, bodyLimitBytes: 10_000, body: z.strictObject({}) };
    const refusalOfFields = (names: readonly string[]): Refusal => {
      try {
        parseRequest(
          wide,
          anEvent({ body: JSON.stringify(Object.fromEntries(names.map((name) => [name, 1]))) }),
        );
      } catch (error) {
        return error as Refusal;
      }
      throw new Error('Nothing was refused.');
    };
    const many = refusalOfFields(Array.from({ length: 51 }, (_, index) => `f${String(index)}`));
    expect(many.details.violations).toHaveLength(50);
    expect(many.message).toBe('Some fields are not valid: f0, f1, f2, f3, f4 and 46 more.');
    const long = refusalOfFields(['x'.repeat(61), `${'x'.repeat(60)}y`]);
    expect(long.details.violations?.map(({ pointer }) => pointer)).toEqual(
      Array(2).fill(`#/${'x'.repeat(60)}`),
    );
    expect(long.message).toBe(`Some fields are not valid: ${'x'.repeat(60)}.`);
  });

  it('points at names as RFC 6901 spells them', () => {
    const { details } = refusalOf({ body: '{"name":"A","a/b~c":1}' });
    expect(details.violations).toMatchObject([{ pointer: '#/a~1b~0c' }]);
  });

  it('never repeats a value that it refuses', () => {
    const { message, details } = refusalOf({ body: '{"name":"canary that is far too long"}' });
    expect(JSON.stringify([message, details])).not.toContain('canary');
  });

  it('says which limit a body exceeds before it is parsed, and how to stay below it', () => {
    const larger = { ...contract, bodyLimitBytes: 1_000 };
    const deep = refusalIn(anEvent({ body: '['.repeat(21) }), larger);
    const tooDeep = 'The body is nested more than 20 levels deep. Send a flatter one.';
    expect([deep.code, deep.message, deep.details.violations]).toEqual([
      'invalid-request',
      tooDeep,
      [{ in: 'body', pointer: '#', error: 'too-deep', message: tooDeep }],
    ]);
    const wide = refusalOf({ body: '[1,2,3,4,5,6,7' });
    const tooMany = 'The body has more than 6 fields and list entries in all. Send less at a time.';
    expect([wide.code, wide.message, wide.details.violations]).toEqual([
      'invalid-request',
      tooMany,
      [{ in: 'body', pointer: '#', error: 'too-many-members', message: tooMany }],
    ]);
    expect(refusalOf({ body: '[1,2,3,4,5,6' }).code).toBe('malformed-json');
  });

  it('never repeats a body that is not JSON', () => {
    const { code, message } = refusalOf({ body: '{"canary":' });
    expect([code, message.includes('canary')]).toEqual(['malformed-json', false]);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/merge-patch+json',
    'application/vnd.api+json;v=1',
  ])('takes %s', (type) => {
    expect(parseRequest(contract, anEvent({ headers: { 'content-type': type } })).body).toBeDefined();
  });

  it.each([
    undefined,
    '',
    'text/json',
    'text/plain; application/json',
    'application/jsonp',
    'application/json charset=utf-8',
    'application/xjson',
    `application/${'x'.repeat(61)}+json`,
  ])('refuses %j', (type) => {
    expect(refusalOf({ headers: { 'content-type': type } }).code).toBe('unsupported-media-type');
  });

  it('looks for no body where the contract reads none', () => {
    const { body: _, ...bodyless } = contract;
    expect(parseRequest(bodyless, anEvent({ headers: {}, body: 'x'.repeat(101) })).body).toBeUndefined();
  });

  it('reads a body that the gateway handed over in base64', () => {
    const event = anEvent({ body: base64('{"name":"Żaneta"}'), isBase64Encoded: true });
    expect(parseRequest(contract, event).body).toEqual({ name: 'Żaneta' });
  });

  it('reads If-Match where the contract asks for it', () => {
    const event = anEvent({ headers: { 'content-type': 'application/json', 'if-match': '"3"' } });
    expect(parseRequest(contract, event).ifMatch).toEqual(['3']);
    const { precondition: _, ...without } = contract;
    expect(parseRequest(without, event)).not.toHaveProperty('ifMatch');
  });
});

describe('bodyText', () => {
  it('takes exactly as many bytes as the route allows, however they come', () => {
    expect(bodyText(anEvent({ body: 'x'.repeat(100) }), 100)).toHaveLength(100);
    expect(bodyText(anEvent({ body: base64('x'.repeat(100)), isBase64Encoded: true }), 100)).toHaveLength(
      100,
    );
  });

  it.each([
    ['text', { body: 'x'.repeat(101) }],
    ['text of few but wide characters', { body: 'ż'.repeat(51) }],
    ['base64', { body: base64('x'.repeat(101)), isBase64Encoded: true }],
  ])('refuses one byte more, as %s', (_how, event) => {
    expect(() => bodyText(anEvent(event), 100)).toThrow(expect.objectContaining({ code: 'body-too-large' }));
  });

  it('takes no body for an empty one', () => {
    expect(bodyText(anEvent({ body: undefined as never }), 100)).toBe('');
  });

  it('refuses bytes that are no UTF-8: they would be kept as other letters', () => {
    for (const bytes of [Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('{"name":"Müller"}', 'latin1')]) {
      expect(refusalOf({ body: base64(bytes), isBase64Encoded: true }).code).toBe('malformed-json');
    }
  });
});
