import { documentText, faultIn, type Operation } from './described.ts';
import type { GeneratedRequest } from './generated-request.ts';

/** An answer, whichever way it came. */
export type GivenAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  body: any;
  text: string;
}>;

/** Headers that mean something to a client: where they come, the document says so. */
const TELLING = [
  'etag',
  'location',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'idempotent-replayed',
];
/** Those that come with every answer of their status. */
const ALWAYS: Readonly<Record<number, readonly string[]>> = {
  200: ['etag'],
  201: ['etag', 'location'],
  412: ['etag'],
};

const headerFaults = ({ headers, status }: GivenAnswer, declared: readonly string[]): string[] => [
  ...TELLING.filter((name) => headers[name] !== undefined && !declared.includes(name)).map(
    (name) => `the header ${name} is not documented`,
  ),
  ...(ALWAYS[status] ?? [])
    .filter((name) => declared.includes(name) && headers[name] === undefined)
    .map((name) => `the header ${name} is missing`),
];

const problemFaults = ({ body, status }: GivenAnswer, description: string): string[] => {
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
    ...(body.detail === '' || body.errors?.length === 0 ? ['something that is there is empty'] : []),
  ];
};

/** Below, a value turns up by chance; the words of the contract itself may be said by whoever likes. */
const SHORTEST_VALUE = 6;

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/** An error that repeats a value of the request. A name may be told back: it says which field does not exist. */
const echoFaults = ({ path, query, header, body = '' }: GeneratedRequest, answer: GivenAnswer): string[] => {
  const { existing: _, ...said } = answer.body;
  const text = JSON.stringify(said).toLowerCase();
  return textsIn([path, query, header, parsed(body)])
    .map((value) => JSON.stringify(value).slice(1, -1).toLowerCase())
    .filter((value) => value.length >= SHORTEST_VALUE && text.includes(value))
    .filter((value) => !documentText.toLowerCase().includes(value))
    .map(() => 'it repeats a value of the request');
};

/** What a schema says, in the words of an error. What the domain says has other words. */
const OF_A_SCHEMA = [
  'invalid-type',
  'invalid-value',
  'invalid-format',
  'invalid-union',
  'too-big',
  'too-small',
  'unknown-field',
];

const strictnessFaults = ({ kind }: GeneratedRequest, { status, body }: GivenAnswer): string[] => {
  if (kind === 'broken' && status < 400) return ['it broke a rule of the document and was accepted'];
  const stricter = body.errors?.find(({ error }: { error: string }) => OF_A_SCHEMA.includes(error));
  if (kind !== 'allowed' || stricter === undefined) return [];
  return [`the document allows it, but ${stricter.in} ${stricter.pointer} was refused as ${stricter.error}`];
};

/** Everything in which an answer is not what the document says about its route. */
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
