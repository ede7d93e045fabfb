import { documentText, faultIn, type Operation } from './described.ts';
import type { GeneratedRequest } from './generated-request.ts';
import { saidTwice } from './said-twice.ts';

/** An answer, from a handler or over HTTP. */
export type GivenAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  body: any;
  text: string;
}>;

/** Headers that mean something to a client. When an answer has one, the document must describe it. */
const TELLING = [
  'etag',
  'location',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'idempotent-replayed',
  'x-request-id',
];
/** Headers that every answer of a status has. */
const ALWAYS: Readonly<Record<number, readonly string[]>> = {
  200: ['etag'],
  201: ['etag', 'location'],
  412: ['etag'],
};

const headerFaults = ({ headers, status }: GivenAnswer, declared: readonly string[]): string[] => [
  ...(headers['x-request-id'] === undefined ? ['the header x-request-id is missing'] : []),
  ...TELLING.filter((name) => headers[name] !== undefined && !declared.includes(name)).map(
    (name) => `the header ${name} is not documented`,
  ),
  ...(ALWAYS[status] ?? [])
    .filter((name) => declared.includes(name) && headers[name] === undefined)
    .map((name) => `the header ${name} is missing`),
];

const problemFaults = ({ headers, body, status }: GivenAnswer, description: string): string[] => {
  const expected = {
    type: `urn:problem:customer-management:${body.code}`,
    status,
    statusCode: status,
    error: body.title,
    message: body.detail,
  };
  return [
    ...Object.entries(expected)
      .filter(([name, value]) => body[name] !== value)
      .map(([name]) => `${name} is not what both readers expect`),
    ...(description.includes(`\`${body.code}\``) ? [] : [`the code ${body.code} is not documented there`]),
    ...(body.instance === `urn:request:${headers['x-request-id'] ?? ''}`
      ? []
      : ['instance names another request']),
    ...saidTwice(body).map(() => 'errors repeat a sentence of the message'),
    ...(body.detail === '' || body.errors?.length === 0 ? ['something that is there is empty'] : []),
  ];
};

/** Shorter values appear by chance; words of the contract itself are not counted as repeated values. */
const SHORTEST_VALUE = 6;

/** Without recursion, because a request may be deeper than the stack. */
const textsIn = (whole: unknown): string[] => {
  const texts: string[] = [];
  const left = [whole];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null)
      for (const one of Object.values(value)) left.push(one);
  }
  return texts;
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/**
 * Values of the request that an error repeats. It may repeat an unknown name, to say which it is, and the id of the customer
 * to change in place of a merged one.
 */
const echoFaults = ({ path, query, header, body = '' }: GeneratedRequest, answer: GivenAnswer): string[] => {
  const { existing: _, survivorId: __, ...said } = answer.body;
  const text = JSON.stringify(said).toLowerCase();
  const names = Object.keys(query);
  return textsIn([path, query, header, parsed(body)])
    .filter((value) => !names.includes(value))
    .map((value) => JSON.stringify(value).slice(1, -1).toLowerCase())
    .filter((value) => value.length >= SHORTEST_VALUE && text.includes(value))
    .filter((value) => !documentText.toLowerCase().includes(value))
    .map(() => 'it repeats a value of the request');
};

/** The words in which schemas describe errors. The domain has its own words. */
const OF_A_SCHEMA = [
  'invalid-type',
  'invalid-value',
  'invalid-format',
  'invalid-union',
  'too-big',
  'too-small',
  'unknown-field',
];

/** A bulk refuses an operation in its own result. */
const isRefused = ({ status, body }: GivenAnswer): boolean =>
  status >= 400 || body.results?.some((result: { status: number }) => result.status >= 400) === true;

const strictnessFaults = ({ kind }: GeneratedRequest, answer: GivenAnswer): string[] => {
  const { body } = answer;
  if (kind === 'broken' && !isRefused(answer)) return ['it broke a rule of the document and was accepted'];
  const stricter = body.errors?.find(({ error }: { error: string }) => OF_A_SCHEMA.includes(error));
  if (kind !== 'allowed' || stricter === undefined) return [];
  return [`the document allows it, but ${stricter.in} ${stricter.pointer} was refused as ${stricter.error}`];
};

/** Every way in which an answer differs from what the document says about its route. */
export const faultsOf = (operation: Operation, request: GeneratedRequest, answer: GivenAnswer): string[] => {
  const { status, headers, body } = answer;
  if (status >= 500) return [`${String(status)} is a fault of the service`];
  const response = operation.responses[String(status)];
  if (response === undefined) return [`the status ${String(status)} is not documented`];
  const contentType = headers['content-type']?.split(';')[0] ?? 'none';
  const content = response.content[contentType];
  if (content === undefined) return [`the content type ${contentType} is not documented`];
  const fault = faultIn(content.schema, body);
  return [
    ...(fault === null ? [] : [fault]),
    ...headerFaults(answer, Object.keys(response.headers ?? {})),
    ...(status < 400 ? [] : problemFaults(answer, response.description)),
    ...(status < 400 ? [] : echoFaults(request, answer)),
    ...strictnessFaults(request, answer),
  ];
};
