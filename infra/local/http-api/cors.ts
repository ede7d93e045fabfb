import type { CorsDefinition } from '../assembly/definitions.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';

type Head = Pick<HttpRequest, 'method' | 'headers'>;
type Headers = HttpAnswer['headers'];

/** A pattern is `*`, `https://*`, `https://*.example.com` or one exact origin. */
const allowsOrigin = ({ origins }: CorsDefinition, origin: string): boolean =>
  origins.some((pattern) => {
    const [start = '', end] = pattern.split('*');
    if (end === undefined) return pattern === origin;
    return origin.length > start.length + end.length && origin.startsWith(start) && origin.endsWith(end);
  });

const allowsAll = (allowed: readonly string[], wanted: readonly string[]): boolean =>
  allowed.includes('*') ||
  wanted.every((word) => allowed.some((other) => other.toLowerCase() === word.toLowerCase()));

const originHeaders = (cors: CorsDefinition, origin: string): Headers => [
  ['access-control-allow-origin', cors.origins.includes('*') ? '*' : origin],
  ...(cors.credentials ? ([['access-control-allow-credentials', 'true']] as const) : []),
];

const words = (list = ''): string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** A header with a list of values; no header for an empty list. */
const listHeader = (name: string, values: readonly string[]): Headers =>
  values.length === 0 ? [] : [[name, values.join(',')]];

/**
 * Answers a preflight from the API's configuration, without its route, authorizer or function.
 * @returns undefined when the request is not a preflight; a 204 without CORS headers when the origin, the method or a
 * header is not allowed
 */
export const preflightAnswer = (cors: CorsDefinition, { method, headers }: Head): HttpAnswer | undefined => {
  const origin = headers.get('origin');
  const wanted = headers.get('access-control-request-method');
  if (method !== 'OPTIONS' || origin === undefined || wanted === undefined) return undefined;
  const allowed =
    allowsOrigin(cors, origin) &&
    allowsAll(cors.methods, [wanted]) &&
    allowsAll(cors.headers, words(headers.get('access-control-request-headers')));
  const allowances: Headers = [
    ...originHeaders(cors, origin),
    ...listHeader('access-control-allow-methods', cors.methods),
    ...listHeader('access-control-allow-headers', cors.headers),
    ...(cors.maxAgeSeconds === undefined
      ? []
      : ([['access-control-max-age', String(cors.maxAgeSeconds)]] as const)),
  ];
  return { status: 204, headers: allowed ? allowances : [], body: Buffer.alloc(0) };
};

/** Adds the API's CORS headers to an answer and removes those that a function set. */
export const withCors = (cors: CorsDefinition, { headers }: Head, answer: HttpAnswer): HttpAnswer => {
  const origin = headers.get('origin');
  const own = answer.headers.filter(([name]) => !name.startsWith('access-control-'));
  if (origin === undefined || !allowsOrigin(cors, origin)) return { ...answer, headers: own };
  const exposed = listHeader('access-control-expose-headers', cors.exposed);
  return { ...answer, headers: [...own, ...originHeaders(cors, origin), ...exposed] };
};
