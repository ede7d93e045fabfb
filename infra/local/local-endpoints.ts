import type { IncomingMessage } from 'node:http';
import { DEMO_BUSINESS } from './demo.ts';
import { docsAnswer } from './docs-page.ts';
import { eventEndpoints, redrive } from './events/local-event-endpoints.ts';
import { NoEvent } from './events/sent-event.ts';
import type { EventSystem } from './events/event-system.ts';
import { type HttpAnswer, gatewayAnswer, jsonAnswer } from './http-api/http-answer.ts';
import { decodeLeniently } from './http-api/http-path.ts';
import { readBody, readHead } from './http-api/http-request.ts';
import { type JsonObject, isObject, listAt, parseJson, textAt } from './json.ts';
import { FunctionFailed } from './lambda/lambda.ts';
import type { LocalIssuer, TokenRequest } from './local-issuer.ts';
import type { ListedObject } from './objects/object-endpoint.ts';
import { refuseOtherSites } from './same-origin.ts';
import { UnknownSchedule } from './schedules.ts';

const LARGEST_BODY_BYTES = 1024 * 1024;

/** What the local-only endpoints use. */
export type LocalTools = Readonly<{
  /** Body of `GET /_local/health`. */
  health: JsonObject;
  /** Body of `GET /_local/operator`: variables for `npm run ops -- <command> --local`. */
  operator: JsonObject;
  issuer: LocalIssuer;
  issuerUrl: string;
  schedules: readonly object[];
  /** Rejects with UnknownSchedule or FunctionFailed. */
  runSchedule: (name: string, input: unknown) => Promise<unknown>;
  /** Every object, or those of one bucket. */
  listObjects: (bucket?: string) => readonly ListedObject[];
  events: EventSystem;
}>;

type Call = Readonly<{ path: string; query: URLSearchParams; body: () => Promise<unknown> }>;
type Endpoint = (call: Call) => HttpAnswer | Promise<HttpAnswer>;

class BadBody extends Error {}

const readJson = async (message: IncomingMessage): Promise<unknown> => {
  const body = await readBody(message, LARGEST_BODY_BYTES);
  if (body === undefined) throw new BadBody('The body must not be larger than 1 MB.');
  if (body.length === 0) return undefined;
  try {
    return parseJson(body.toString());
  } catch {
    throw new BadBody('The body is not valid JSON.');
  }
};

const readTokenRequest = (body: unknown): TokenRequest => {
  const fields = isObject(body) ? body : {};
  const memberships = [fields, ...listAt(fields, 'memberships').filter(isObject)].flatMap((one) => {
    const businessId = textAt(one, 'businessId');
    const role = textAt(one, 'role');
    return businessId === undefined || role === undefined ? [] : [{ businessId, role }];
  });
  if (memberships.length === 0)
    throw new BadBody('The body must be { "businessId": "<24 hexadecimal digits>", "role": "OWNER" }.');
  const sub = textAt(fields, 'sub');
  return { memberships, ...(sub === undefined ? {} : { sub }) };
};

/** A token alone, short to use in a terminal: `export TOKEN=$(curl -s …/_local/token)`. */
const plainToken = ({ issuer }: LocalTools, { query }: Call): HttpAnswer => {
  const businessId = query.get('businessId') ?? DEMO_BUSINESS;
  const role = query.get('role') ?? 'OWNER';
  const sub = query.get('sub');
  const token = issuer.token({ businessId, role, ...(sub !== null && { sub }) });
  return { status: 200, headers: [['content-type', 'text/plain']], body: Buffer.from(`${token}\n`) };
};

const run = async (tools: LocalTools, { path, body }: Call): Promise<HttpAnswer> => {
  const name = decodeLeniently(path.slice('/_local/schedules/'.length, -'/run'.length));
  try {
    return jsonAnswer(200, await tools.runSchedule(name, await body()));
  } catch (error) {
    if (error instanceof UnknownSchedule) return gatewayAnswer(404, error.message);
    if (error instanceof FunctionFailed) return jsonAnswer(502, error.error);
    throw error;
  }
};

const endpoints = (tools: LocalTools): Readonly<Record<string, Endpoint>> => ({
  'GET /': () => ({ status: 302, headers: [['location', '/docs']], body: Buffer.alloc(0) }),
  'GET /_local/health': () => jsonAnswer(200, tools.health),
  'GET /_local/operator': () => jsonAnswer(200, tools.operator),
  'GET /_local/.well-known/jwks.json': () => jsonAnswer(200, tools.issuer.keys),
  'GET /_local/.well-known/openid-configuration': () =>
    jsonAnswer(200, { issuer: tools.issuerUrl, jwks_uri: `${tools.issuerUrl}/.well-known/jwks.json` }),
  'GET /_local/token': (call) => plainToken(tools, call),
  'POST /_local/token': async ({ body }) =>
    jsonAnswer(200, { token: tools.issuer.token(readTokenRequest(await body())) }),
  'GET /_local/schedules': () => jsonAnswer(200, tools.schedules),
  ...eventEndpoints(tools.events),
  'GET /_local/objects': ({ query }) => jsonAnswer(200, tools.listObjects(query.get('bucket') ?? undefined)),
});

const isLocalOnly = (path: string): boolean => path === '/_local' || path.startsWith('/_local/');

/**
 * Makes the handler of the local-only endpoints. It refuses what pages of other sites send there, with any method, and
 * returns undefined for a request to the API.
 */
export const createLocalEndpoints = (tools: LocalTools) => {
  const known = endpoints(tools);
  return async (message: IncomingMessage): Promise<HttpAnswer | undefined> => {
    const { method, path, query } = readHead(message);
    const refusal = isLocalOnly(path) ? refuseOtherSites(message) : undefined;
    if (refusal !== undefined) return refusal;
    const call = { path, query: new URLSearchParams(query), body: () => readJson(message) };
    const isRun = method === 'POST' && /^\/_local\/schedules\/[^/]+\/run$/.test(path);
    const isRedrive = method === 'POST' && /^\/_local\/queues\/[^/]+\/redrive$/.test(path);
    try {
      if (isRun) return await run(tools, call);
      if (isRedrive) return redrive(tools.events, path);
      const answer = await known[`${method} ${path}`]?.(call);
      return answer ?? (method === 'GET' ? await docsAnswer(path) : undefined);
    } catch (error) {
      if (error instanceof BadBody || error instanceof NoEvent) return gatewayAnswer(400, error.message);
      throw error;
    }
  };
};
