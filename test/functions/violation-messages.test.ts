import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import * as z from 'zod';
import { contracts } from '#functions/contracts.ts';
import type { Route } from '#lib/contract/route.ts';
import { Refusal, type Violation } from '#lib/domain/errors.ts';
import { toProblemAnswer } from '#lib/serve/answer/problem-answer.ts';
import type { HttpEvent } from '#lib/serve/request/http-event.ts';
import { parseRequest } from '#lib/serve/request/parse.ts';
import { documentText, type Operation, operations, resolved, type Schema } from '#test/support/described.ts';
import { saidTwice } from '#test/support/said-twice.ts';
import { breaking, breakingAsText } from '#test/support/generated-value.ts';

/** What a request holds; each part is wrong in one way. */
type Parts = Readonly<{ path?: object; query?: object; body?: unknown }>;

/** How many samples are taken of each broken rule: more where the fewer ones do not break each rule of the contract. */
const SAMPLES = [8, 24];

/** Always the same ones. */
const samplesOf =
  (numRuns: number) =>
  <T>(values: fc.Arbitrary<T>): T[] =>
    fc.sample(values, { seed: 1, numRuns });

const contractOf = ({ name }: Operation): Route =>
  contracts.find((contract): contract is Route => contract.kind === 'route' && contract.name === name)!;

const eventOf = ({ path = {}, query = {}, body = {} }: Parts): HttpEvent =>
  ({
    headers: { 'content-type': 'application/json', 'if-match': '*' },
    pathParameters: path,
    queryStringParameters: query,
    body: JSON.stringify(body),
    isBase64Encoded: false,
  }) as unknown as HttpEvent;

const refusalOf = (contract: Route, parts: Parts): Refusal | null => {
  try {
    parseRequest(contract, eventOf(parts));
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};

/** Requests that break each rule of each parameter, then each rule of the body. */
const brokenRequests = ({ parameters, body }: Operation, numRuns: number): Parts[] => [
  ...parameters
    .filter((parameter) => parameter.in !== 'header')
    .flatMap(({ in: part, name, schema }) =>
      breakingAsText(schema)
        .flatMap(samplesOf(numRuns))
        // An empty query parameter is an absent one.
        .filter((value) => part !== 'query' || value !== '')
        .map((value) => ({ [part]: { [name]: String(value) } })),
    ),
  ...(body === undefined
    ? []
    : breaking(body)
        .flatMap(samplesOf(numRuns))
        .map((value) => ({ body: value }))),
];

/** Rules that the document cannot express. */
const REFINED: Readonly<Record<string, readonly Parts[]>> = {
  'find-customers': [
    { query: { page: '2', cursor: 'abcdefgh' } },
    { query: { updatedSince: '0000-01-01T00:00:00+01:00' } },
  ],
  'find-duplicates': [{ query: { customerId: 'a'.repeat(24), cursor: 'abcdefgh' } }],
  'look-up-customer': [{ query: {} }],
};

/** What zod would say in English about the same request. */
const zodSentences = (contract: Route, { path = {}, query = {}, body = {} }: Parts): string[] => {
  const english = z.locales.en().localeError;
  const issuesOf = (schema: z.ZodType | undefined, value: unknown) =>
    schema?.safeParse(JSON.parse(JSON.stringify(value)), { reportInput: true }).error?.issues ?? [];
  const issues = [
    ...issuesOf(contract.params, path),
    ...issuesOf(contract.query, query),
    ...issuesOf(contract.body, body),
  ];
  return issues.map((issue) => {
    const said = english(issue as z.core.$ZodRawIssue);
    return typeof said === 'string' ? said : said!.message;
  });
};

const ZODS_WORDS =
  /\b(?:invalid|expected|received|unrecognized|discriminator|too (?:big|small)|input|option|undefined|NaN|string|integer|ISO date)\b|[<>]=?/i;
const SENTENCE = /^[A-Z][^\n]*[^.]\.$/;

/** Shorter values occur in a sentence by chance, and the words of the contract may be said. */
const SHORTEST_VALUE = 6;
const valuesIn = (value: unknown): string[] => {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(valuesIn);
  const text = String(value);
  return text.length >= SHORTEST_VALUE ? [text] : [];
};
/** In this order: the document is long, and almost no message has a value. */
const isQuoted = (value: string, message: string): boolean =>
  message.includes(value) && !documentText.includes(value);

const takesAnything = (schema: Schema): boolean =>
  schema['type'] === undefined && schema['enum'] === undefined && schema['anyOf'] === undefined;

/** The rules that a value can break: the name of the error by the place in the request. */
const rulesIn = (given: Schema, place: string, asText: boolean): string[] => {
  const schema = resolved(given);
  const alternatives: readonly Schema[] = schema['anyOf'] ?? [];
  if (alternatives.some((one) => takesAnything(resolved(one)))) return [];
  // A text or an object: one sentence names both forms.
  if (alternatives.filter((one) => resolved(one)['type'] !== 'null').length > 1)
    return [`${place} invalid-union`];
  if (alternatives.length > 0) return alternatives.flatMap((one) => rulesIn(one, place, asText));
  const { type, properties = {}, items, pattern, maxLength, minimum, minItems, maxItems } = schema;
  if (schema['enum'] !== undefined || schema['const'] !== undefined) return [`${place} invalid-value`];
  return [
    ...(type === undefined || type === 'null' || (asText && type === 'string')
      ? []
      : [`${place} invalid-type`]),
    ...(pattern === undefined ? [] : [`${place} invalid-format`]),
    ...(maxLength === undefined && maxItems === undefined && minimum === undefined
      ? []
      : [`${place} too-big`]),
    ...(minimum === undefined && minItems === undefined ? [] : [`${place} too-small`]),
    ...(schema['additionalProperties'] === false ? [`${place}/* unknown-field`] : []),
    ...Object.entries<Schema>(properties).flatMap(([name, inner]) =>
      rulesIn(inner, `${place}/${name}`, asText),
    ),
    ...(items === undefined ? [] : rulesIn(items, `${place}/0`, asText)),
  ];
};

const rulesOf = ({ parameters, body }: Operation): string[] => [
  ...parameters
    .filter((parameter) => parameter.in !== 'header')
    .flatMap(({ in: part, name, schema }) => rulesIn(schema, `${part} #/${name}`, true)),
  ...(body === undefined ? [] : rulesIn(body, 'body #', false)),
];

/** An operation of a bulk that breaks it is answered in a result of its own, beside those of the others. */
const ANSWERED_APART: ReadonlySet<string> = new Set(['body #/operations/0 invalid-union']);

const ruleOf = ({ in: part, pointer, error }: Violation): string => {
  const place = `${part} ${pointer.replaceAll(/\/\d+(?=\/|$)/g, '/0')}`;
  return `${error === 'unknown-field' ? place.replace(/\/[^/]*$/, '/*') : place} ${error}`;
};

/** Checks what is said about a request. Returns the rules that it breaks. */
const checked = (contract: Route, parts: Parts): string[] => {
  const refusal = refusalOf(contract, parts);
  if (refusal === null) return [];
  const foreign = zodSentences(contract, parts);
  const values = valuesIn(parts);
  const violations = refusal.details.violations ?? [];
  for (const { message } of violations) {
    expect(message).toMatch(SENTENCE);
    expect(message).not.toMatch(ZODS_WORDS);
    expect(foreign.filter((sentence) => message.includes(sentence))).toEqual([]);
    expect(values.filter((value) => isQuoted(value, message))).toEqual([]);
  }
  expect(refusal.message).toMatch(SENTENCE);
  expect(saidTwice(JSON.parse(toProblemAnswer(refusal, 'r-1').body))).toEqual([]);
  return violations.map(ruleOf);
};

describe('a request that breaks a rule of its contract', () => {
  const provoked = new Set<string>();

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    'is refused by %s in our own sentences, each of its rules',
    (_name, operation) => {
      const contract = contractOf(operation);
      const broken = new Set<string>();
      const unbroken = () =>
        rulesOf(operation).filter((rule) => !broken.has(rule) && !ANSWERED_APART.has(rule));
      for (const numRuns of SAMPLES) {
        const requests = [...brokenRequests(operation, numRuns), ...(REFINED[operation.name] ?? [])];
        for (const parts of requests) for (const rule of checked(contract, parts)) broken.add(rule);
        if (unbroken().length === 0) break;
      }
      expect(unbroken()).toEqual([]);
      for (const rule of broken) provoked.add(rule.split(' ').at(-1)!);
    },
  );

  it('can break rules of every kind', () => {
    expect([...provoked].sort()).toEqual([
      'custom',
      'invalid-format',
      'invalid-type',
      'invalid-union',
      'invalid-value',
      'too-big',
      'too-small',
      'unknown-field',
    ]);
  });
});
