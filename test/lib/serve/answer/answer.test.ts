import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineRoute } from '#lib/contract/route.ts';
import type { Refusal } from '#lib/domain/errors.ts';
import { PROTECTIVE_HEADERS, toHttpAnswer, toResult } from '#lib/serve/answer/answer.ts';

const contract = defineRoute({
  name: 'greet',
  summary: 'Greet',
  method: 'POST',
  path: '/greetings',
  impact: 'nobody is greeted',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: [],
  answers: { 200: z.unknown(), 201: z.object({ _id: z.string(), note: z.string().nullable() }) },
  problems: [],
});
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

describe('an answer that is sent', () => {
  it('is JSON of what the contract declares', () => {
    const answer = toHttpAnswer(contract, { status: 201, body: { _id: 'a', note: null, secret: 1 } });
    expect(answer).toEqual({
      statusCode: 201,
      headers: { ...JSON_TYPE, location: '/greetings/a' },
      body: '{"_id":"a","note":null}',
      said: { _id: 'a', note: null },
      unmasked: { _id: 'a', note: null },
    });
  });

  it.each<[string, unknown, object]>([
    ['its version as ETag', { _version: '7' }, { etag: '"7"' }],
    ['no Location with 200', { _id: 'a' }, {}],
    ['neither where nothing is named', { note: 'x' }, {}],
    ['neither for a text', 'text', {}],
    ['neither for null', null, {}],
  ])('has %s', (_what, body, headers) => {
    expect(toHttpAnswer(contract, { status: 200, body }).headers).toEqual({ ...JSON_TYPE, ...headers });
  });

  it('has no Location where something new has no id', () => {
    const { answers: _, ...rest } = contract;
    const nameless = { ...rest, answers: { 201: z.object({ note: z.string() }) } };
    expect(toHttpAnswer(nameless, { status: 201, body: { note: 'x' } }).headers).toEqual(JSON_TYPE);
  });

  it('cannot have a status that the contract does not have', () => {
    const none = { ...contract, answers: {} };
    expect(() => toHttpAnswer(none, { status: 200, body: {} })).toThrow('greet answered 200');
  });

  it('is neither cached nor taken for something else, and its own headers come last', () => {
    const headers = { ...JSON_TYPE, 'referrer-policy': 'origin' };
    const result = toResult({ statusCode: 200, headers, body: '{}' }, 'r-1=');
    expect(result).toEqual({
      statusCode: 200,
      headers: { ...PROTECTIVE_HEADERS, ...headers, 'x-request-id': 'r-1=' },
      body: '{}',
    });
    expect(PROTECTIVE_HEADERS).toEqual({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
    });
  });
});

describe('an answer to SUPPORT', () => {
  const OPEN = { _id: 'a', email: 'anna@example.com', phone: '48512345678', note: 'private' };
  const MASKED = { _id: 'a', email: 'a•••@•••.com', phone: '•••78', note: '•••' };
  const seen = (body: unknown, role: 'SUPPORT' | 'OWNER' = 'SUPPORT'): unknown =>
    JSON.parse(toHttpAnswer(contract, { status: 200, body }, role).body);

  it.each<[string, unknown, unknown]>([
    ['a customer', OPEN, MASKED],
    ['a page of them', { items: [OPEN, OPEN], totalSize: 2 }, { items: [MASKED, MASKED], totalSize: 2 }],
    ['a customer deep inside', { results: [{ customer: OPEN }] }, { results: [{ customer: MASKED }] }],
    ['nothing where nothing is', { email: null, note: null }, { email: null, note: null }],
    ['nothing of what is no text', { email: { text: 'anna' }, phone: 48 }, { email: null, phone: null }],
    ['what is no object', ['text', 7, null], ['text', 7, null]],
  ])('shows %s masked', (_what, body, masked) => {
    expect(seen(body)).toEqual(masked);
    expect(seen(body, 'OWNER')).toEqual(body);
  });
});

describe('an answer of more than 5 MB', () => {
  const MB = 1024 * 1024;
  const sized = (bytes: number, items: readonly string[]) => {
    const page = { items, totalSize: 0, filler: '' };
    return { ...page, filler: 'x'.repeat(bytes - JSON.stringify(page).length) };
  };
  const refusalOf = (body: unknown): Refusal => {
    try {
      toHttpAnswer(contract, { status: 200, body });
    } catch (error) {
      return error as Refusal;
    }
    throw new Error('It was not refused.');
  };

  it('is refused, and one of exactly 5 MB is not', () => {
    const page = sized(5 * MB, ['x']);
    expect(toHttpAnswer(contract, { status: 200, body: page }).body).toHaveLength(5 * MB);
    expect(refusalOf({ ...page, filler: `${page.filler}x` }).code).toBe('page-too-large');
  });

  it('names a page size that would fit, counted in bytes', () => {
    const items = Array.from({ length: 12 }, () => 'ż'.repeat(MB / 4));
    const { message, details } = refusalOf({ items, totalSize: 12 });
    expect(details).toEqual({ fittingPageSize: 9 });
    expect(message).toContain('Use a `pageSize` of at most 9.');
    const fitting = { items: items.slice(0, 9), totalSize: 12 };
    expect(toHttpAnswer(contract, { status: 200, body: fitting }).statusCode).toBe(200);
  });

  it('names the very size that fills it', () => {
    const [first, last] = ['x'.repeat(3 * MB), 'y'];
    const full = sized(5 * MB, [first, last]);
    // One byte for the comma is counted after the last one too.
    const fitting = { ...full, filler: full.filler.slice(1) };
    const refused = (page: typeof full) =>
      refusalOf({ ...page, items: [...page.items, 'z'.repeat(MB)] }).details;
    expect(refused(fitting)).toEqual({ fittingPageSize: 2 });
    expect(refused(full)).toEqual({ fittingPageSize: 1 });
  });

  it.each<[string, (text: string) => unknown]>([
    ['a text', (text) => text],
    ['an object without items', (note) => ({ note })],
    ['items that are no list', (items) => ({ items })],
    ['a list', (text) => [text]],
  ])('that is no page but %s is a defect', (_what, around) => {
    const { message } = refusalOf(around('x'.repeat(5 * MB)));
    expect(message.slice(0, 100)).toBe(
      'This answer is too large, and it is not a page that could be made smaller.',
    );
  });
});
