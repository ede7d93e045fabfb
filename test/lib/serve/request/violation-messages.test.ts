import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Violation } from '#lib/domain/errors.ts';
import { detailOf, messageOf } from '#lib/serve/request/violation-messages.ts';

const messagesOf = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value, { error: messageOf }).error?.issues.map(({ message }) => message) ?? [];

/** The message about a value inside an object. */
const messageAbout = (schema: z.ZodType, value: unknown): string[] =>
  messagesOf(z.object({ field: schema }), { field: value });

/** A schema and a value for each kind of issue that zod knows. */
const EVERY_KIND: Readonly<Record<z.core.$ZodIssue['code'], readonly [z.ZodType, unknown]>> = {
  invalid_type: [z.string(), 1],
  too_big: [z.string().max(1), 'xx'],
  too_small: [z.array(z.int()).min(1), []],
  invalid_format: [z.email(), 'x'],
  not_multiple_of: [z.number().multipleOf(5), 7],
  unrecognized_keys: [z.strictObject({}), { x: 1 }],
  invalid_union: [z.union([z.string(), z.int()]), true],
  invalid_key: [z.record(z.string().max(1), z.int()), { xx: 1 }],
  invalid_element: [z.map(z.object({}), z.string()), new Map([[{}, 2]])],
  invalid_value: [z.enum(['asc', 'desc']), 'up'],
  custom: [z.string().refine(() => false), 'x'],
};

describe('messageOf has words of its own', () => {
  it.each(Object.entries(EVERY_KIND))('for %s', (kind, [schema, value]) => {
    const issues = schema.safeParse(value, { error: messageOf }).error?.issues ?? [];
    expect(issues.map(({ code }) => code)).toEqual([kind]);
    const english = z.locales.en().localeError;
    for (const issue of issues) {
      const zods = english({ ...issue, input: value } as z.core.$ZodRawIssue);
      expect(issue.message).toMatch(/^(?:This|The body) must [^.]+(?:\.\d{3}Z)?\.(?: It has \d+\.)?$/);
      expect(zods).not.toContain(issue.message);
      expect(issue.message).not.toContain(typeof zods === 'string' ? zods : zods!.message);
    }
  });
});

describe('messageOf says what is allowed', () => {
  const anyOrder = z.enum(['asc', 'desc']);

  it.each([
    ['a text', z.string(), 1, 'This must be a text.'],
    ['a number', z.number(), 'x', 'This must be a number.'],
    ['a whole number', z.int(), 1.5, 'This must be a whole number.'],
    ['yes or no', z.boolean(), 'x', 'This must be true or false.'],
    ['an object', z.object({}), [], 'This must be an object.'],
    ['a record', z.record(z.string(), z.int()), 'x', 'This must be an object.'],
    ['a list', z.array(z.string()), {}, 'This must be a list.'],
    ['a date', z.date(), 'x', 'This must be a date.'],
    ['null', z.null(), 'x', 'This must be null.'],
    ['another type', z.bigint(), 'x', 'This must have the documented form.'],
    ['one of some values', anyOrder, 'up', 'This must be one of asc, desc.'],
    ['one value', z.literal('deleted'), 'x', 'This must be deleted.'],
    ['a day', z.iso.date(), 'x', 'This must be a date such as 2026-01-31.'],
    [
      'a moment',
      z.iso.datetime({ offset: true }),
      'x',
      'This must be a date and time with an offset, such as 2026-01-31T23:59:59.999Z.',
    ],
    ['a form', z.string().regex(/^a$/), 'x', 'This must have the documented form.'],
    ['a short text', z.string().max(50), 'x'.repeat(51), 'This must have at most 50 characters. It has 51.'],
    ['a text of one', z.string().max(1), 'xx', 'This must have at most 1 character. It has 2.'],
    ['a long text', z.string().min(2), 'x', 'This must have at least 2 characters.'],
    ['a length', z.string().length(2), 'x', 'This must have exactly 2 characters.'],
    ['a short list', z.array(z.int()).max(2), [1, 2, 3], 'This must have at most 2 entries. It has 3.'],
    ['an exact list', z.array(z.int()).length(1), [1, 2], 'This must have exactly 1 entry. It has 2.'],
    [
      'a text that is cleaned first',
      z.string().trim().max(2),
      '  abc  ',
      'This must have at most 2 characters. It has 3.',
    ],
    ['a list of one', z.array(z.int()).min(1), [], 'This must have at least 1 entry.'],
    ['a largest number', z.number().max(9), 10, 'This must be at most 9.'],
    ['a least number', z.number().min(1), 0, 'This must be at least 1.'],
    ['a number below', z.number().lt(9), 9, 'This must be less than 9.'],
    ['a number above', z.number().gt(1), 1, 'This must be more than 1.'],
    ['a multiple', z.number().multipleOf(5), 7, 'This must be a multiple of 5.'],
    ['one of some forms', z.union([z.string(), z.int()]), true, 'This must have the documented form.'],
    [
      'what a rule without words asks',
      z.string().refine(() => false),
      'x',
      'This must have the documented form.',
    ],
  ] as const)('for %s', (_what, schema, value, message) => {
    expect(messageAbout(schema, value)).toEqual([message]);
  });

  it('and that it is missing', () => {
    expect(messageAbout(z.string(), undefined)).toEqual(['This is missing. It must be a text.']);
    expect(messageAbout(anyOrder, undefined)).toEqual(['This is missing. It must be one of asc, desc.']);
    expect(messagesOf(z.object({ field: z.boolean() }), {})).toEqual([
      'This is missing. It must be true or false.',
    ]);
  });

  it('of a body as a whole, which is the only thing that can be wrong as one', () => {
    expect(messagesOf(z.strictObject({}), null)).toEqual(['The body must be an object.']);
  });

  it('unless the schema has words of its own', () => {
    expect(messageAbout(z.string().regex(/^a$/, 'This must be an a.'), 'x')).toEqual(['This must be an a.']);
  });
});

describe('detailOf', () => {
  const violation = (part: Violation['in'], pointer: string): Violation => ({
    in: part,
    pointer,
    error: 'e',
    message: `About ${pointer}.`,
  });
  const fields = (count: number) =>
    Array.from({ length: count }, (_, index) => violation('body', `#/f${String(index + 1)}`));

  it('names fields and parameters, each once', () => {
    const [email, id] = [violation('body', '#/email'), violation('path', '#/id')];
    const page = violation('query', '#/page');
    expect(detailOf([email])).toBe('Some fields are not valid: email.');
    expect(detailOf([email, violation('body', '#/note'), email])).toBe(
      'Some fields are not valid: email, note.',
    );
    expect(detailOf([id, page])).toBe('Some parameters are not valid: id, page.');
    expect(detailOf([id, email])).toBe('Some fields and parameters are not valid: id, email.');
  });

  it('names a place inside a field by its path', () => {
    expect(detailOf([violation('body', '#/stateHistory/0/setAt')])).toBe(
      'Some fields are not valid: stateHistory/0/setAt.',
    );
  });

  it('names at most five and counts the rest', () => {
    expect(detailOf(fields(5))).toBe('Some fields are not valid: f1, f2, f3, f4, f5.');
    expect(detailOf(fields(6))).toBe('Some fields are not valid: f1, f2, f3, f4, f5 and 1 more.');
    expect(detailOf(fields(60))).toBe('Some fields are not valid: f1, f2, f3, f4, f5 and 55 more.');
  });

  it('calls a header a header', () => {
    expect(detailOf([violation('header', '#/if-match')])).toBe('Some headers are not valid: if-match.');
    expect(detailOf([violation('header', '#/if-match'), violation('path', '#/id'), ...fields(1)])).toBe(
      'Some fields and headers and parameters are not valid: if-match, id, f1.',
    );
  });

  it('names only places, and calls the request not valid where there is none', () => {
    expect(detailOf([violation('body', '#')])).toBe('This request is not valid.');
    expect(detailOf([violation('path', '#/id'), violation('body', '#')])).toBe(
      'Some parameters are not valid: id.',
    );
  });

  it('repeats no words of a violation', () => {
    const email = violation('body', '#/email');
    expect(detailOf([email])).not.toContain(email.message);
  });
});
