import { randomBytes } from 'node:crypto';
import type { Claims } from './authorizer.ts';
import type { HttpRequest } from './http-request.ts';
import { LOCAL_ACCOUNT } from '../assembly/intrinsic.ts';

/** What the gateway knows about a request when it calls the function. */
export type EventSource = Readonly<{
  request: HttpRequest;
  requestId: string;
  apiId: string;
  routeKey: string;
  path: string;
  parameters: Readonly<Record<string, string>>;
  /** Present on a route with a JWT authorizer. */
  claims?: Claims;
  at: Date;
}>;

const TEXT_TYPES = /^(text\/.*|application\/(json|javascript|xml))$/;

/** Headers that an HTTP API does not pass on: those between two hops, and cookies, which have their own field. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'cookie'];

const isText = (contentType = ''): boolean =>
  TEXT_TYPES.test(contentType.split(';')[0]?.trim().toLowerCase() ?? '');

const eventHeaders = ({ headers, sourceIp, body }: HttpRequest, at: Date): Record<string, string> => {
  const passed = [...headers].filter(([name]) => !HOP_BY_HOP.includes(name));
  const forwarded = headers.get('x-forwarded-for');
  return {
    ...Object.fromEntries(passed),
    'content-length': String(body.length),
    'x-amzn-trace-id': `Root=1-${Math.floor(at.getTime() / 1_000).toString(16)}-${randomBytes(12).toString('hex')}`,
    'x-forwarded-for': forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`,
    'x-forwarded-port': headers.get('host')?.split(':')[1] ?? '80',
    'x-forwarded-proto': 'http',
  };
};

const joinRepeated = (query: string): Record<string, string> => {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
};

const bodyFields = ({ body, headers }: HttpRequest): object => {
  if (body.length === 0) return { isBase64Encoded: false };
  const text = isText(headers.get('content-type'));
  return { body: body.toString(text ? 'utf8' : 'base64'), isBase64Encoded: !text };
};

/** A time as `12/Mar/2020:19:03:58 +0000`. */
const accessLogTime = (at: Date): string => {
  const [, day = '', month = '', year = '', time = ''] =
    /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(at.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
};

const requestContext = ({ request, requestId, apiId, routeKey, path, claims, at }: EventSource): object => {
  const domainName = request.headers.get('host')?.split(':')[0] ?? 'localhost';
  return {
    accountId: LOCAL_ACCOUNT.accountId,
    apiId,
    ...(claims === undefined ? {} : { authorizer: { jwt: claims } }),
    domainName,
    domainPrefix: domainName.split('.')[0],
    http: {
      method: request.method,
      path,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: request.headers.get('user-agent') ?? '',
    },
    requestId,
    routeKey,
    stage: '$default',
    time: accessLogTime(at),
    timeEpoch: at.getTime(),
  };
};

/** The event in payload format 2.0. A key is absent when the request has no value for it. */
export const toEvent = (source: EventSource): object => {
  const { request, routeKey, path, parameters, at } = source;
  const cookies = request.headers.get('cookie')?.split(/[;,] */);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookies === undefined ? {} : { cookies }),
    headers: eventHeaders(request, at),
    ...(request.query === '' ? {} : { queryStringParameters: joinRepeated(request.query) }),
    requestContext: requestContext(source),
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    ...bodyFields(request),
  };
};
