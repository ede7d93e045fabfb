import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text as textIn } from 'node:stream/consumers';
import type { Handler } from '../site.ts';

// A bundle behind what little of a gateway it needs: it verifies the token, by what the Express peer does that with,
// so that it cancels out, and makes the event.
const { PORT, BUNDLES = '', JWKS = '', ISSUER = '', AUDIENCE = '' } = process.env;
const load = createRequire(import.meta.url);
const handlers: Record<string, Handler> = {};
/** Loaded when it is first asked for: a process is asked for one function. */
const handlerOf = (name: string): Handler =>
  (handlers[name] ??= load(join(BUNDLES, name, 'index.cjs')).handler as Handler);
const { createLocalJWKSet, jwtVerify } = createRequire(join(import.meta.dirname, '../peers/package.json'))(
  'jose',
);
const keys = createLocalJWKSet(JSON.parse(JWKS));
/** The claims as the gateway's authorizer hands them on, as texts; null when it would refuse. */
const claimsIn = async (authorization = ''): Promise<object | null> => {
  const token = authorization.replace(/^Bearer /, '');
  const verified = await jwtVerify(token, keys, { issuer: ISSUER, audience: AUDIENCE }).catch(() => null);
  return (
    verified &&
    Object.fromEntries(Object.entries(verified.payload).map(([name, value]) => [name, String(value)]))
  );
};
const PREFIX = '/api/v1/customer';

const routeOf = (method: string, path: string): { handler: Handler; pathParameters?: object } => {
  if (method === 'POST') return { handler: handlerOf('create-customer') };
  if (path === `${PREFIX}/paged`) return { handler: handlerOf('find-customers') };
  return { handler: handlerOf('get-customer'), pathParameters: { id: path.slice(PREFIX.length + 1) } };
};

const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { method = 'GET', url = '/', headers: sent } = message;
  const [path = '', query = ''] = url.split('?');
  const body = method === 'GET' ? '' : await textIn(message);
  const claims = await claimsIn(sent.authorization);
  if (claims === null) {
    response.writeHead(401).end();
    return;
  }
  const { handler, pathParameters } = routeOf(method, path);
  const event = {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers: sent,
    ...(query !== '' && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    ...(pathParameters !== undefined && { pathParameters }),
    ...(body !== '' && { body }),
    isBase64Encoded: false,
    requestContext: { authorizer: { jwt: { claims, scopes: null } } },
  };
  const context = { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 10_000 };
  const { statusCode, headers, body: text } = await handler(event, context);
  // With its length, as the gateway and every peer send it: without one it would leave in chunks, each a write of its own.
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
};

createServer((message, response) => void answer(message, response)).listen(Number(PORT), '127.0.0.1');
