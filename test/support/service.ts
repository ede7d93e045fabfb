import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Context } from 'aws-lambda';
import mongoose, { type Connection } from 'mongoose';
import type { RateLimit } from '#lib/domain/business/request-allowance.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { forgetKeyring } from '#lib/store/keys/request-keys.ts';
import { migrate } from '#lib/store/migrations/migrate.ts';
import { aSystemScope } from './a-scope.ts';
import { type Ledger, startLedger } from './ledger.ts';
import { hearAnswer, hearFailure, learnRequest } from './leak-watch.ts';
import { adminUriOf, testDatabaseUri } from './test-database.ts';
import { expectCaller } from './wire/probe.ts';

export const aBusinessId = (): string => randomBytes(12).toString('hex');
export const aKeyring = () => ({
  current: 'k1',
  keys: { k1: randomBytes(32).toString('base64') },
  pepper: randomBytes(32).toString('base64'),
});

type Service = { stop: () => Promise<void>; database: Connection; ledger: Ledger };

/** Sets the request limit of every business whose bucket does not exist yet. */
export const limitBusinesses = ({ perSecond, burst }: RateLimit): void => {
  process.env['RATE_LIMIT_PER_SECOND'] = String(perSecond);
  process.env['RATE_LIMIT_BURST'] = String(burst);
};

/**
 * The real database, migrated, with a keyring for this test file; the handlers in this process use it. `database` is the
 * test's own connection, which does not go through the wire probe.
 */
export const startService = async (name: string, uri = testDatabaseUri(name)): Promise<Service> => {
  const folder = mkdtempSync(join(tmpdir(), 'service-'));
  const keyringFile = join(folder, 'keyring.json');
  writeFileSync(keyringFile, JSON.stringify(aKeyring()));
  process.env['KEYRING_FILE'] = keyringFile;
  process.env['MONGODB_URI'] = uri;
  // No test meets the limit unless it tests the limit.
  limitBusinesses({ perSecond: 1_000_000, burst: 1_000_000 });
  process.env['REFUSALS_PER_MINUTE'] = '1000000';
  forgetKeyring();
  const ledger = await startLedger(folder);
  await migrate(aSystemScope('migrate-database'));
  const database = await mongoose.createConnection(adminUriOf(uri)).asPromise();
  return {
    database,
    ledger,
    stop: async () => {
      await Promise.all([disconnect(), ledger.stop()]);
      await database.dropDatabase();
      await database.destroy();
      rmSync(folder, { recursive: true });
    },
  };
};

/** Starts the service for the tests of a file and stops it after them. */
export const useService = (name: string): { readonly database: Connection; readonly ledger: Ledger } => {
  let service: Service | undefined;
  beforeAll(async () => {
    service = await startService(name);
  });
  afterAll(async () => {
    await service?.stop();
  });
  const running = (): Service => {
    if (service === undefined) throw new Error('The service runs from beforeAll to afterAll.');
    return service;
  };
  return {
    get database() {
      return running().database;
    },
    get ledger() {
      return running().ledger;
    },
  };
};

export type Call = {
  businessId?: string | undefined;
  /** A role of lib/domain/access/scope.ts, or a value that an issuer should never send. */
  role?: string;
  actor?: string;
  id?: string;
  /** The parameters of the path beside `id`. */
  path?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  /** A string is sent unchanged; any other value as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  claims?: Readonly<Record<string, unknown>>;
  /** How much time the platform still gives the invocation. */
  remainingMs?: number;
};
export type Answer = { status: number; headers: Readonly<Record<string, string>>; body: any; text: string };
type Handler = (event: any, context: Context) => Promise<any>;

/** The id of a request, as API Gateway makes it. */
const aGatewayId = (): string => `${randomBytes(11).toString('base64url')}=`;
export const GATEWAY_ID = /^[\w-]{15}=$/;

/** An event as the HTTP API makes it (payload format 2.0), with the parts that the service reads. */
export const anEvent = ({ businessId, role = 'OWNER', actor = 'user-1', ...call }: Call) => ({
  version: '2.0',
  rawPath: `/api/v1/customer/${call.id ?? ''}`,
  rawQueryString: new URLSearchParams(call.query).toString(),
  headers: {
    ...(businessId !== undefined && { 'x-business-tenant-id': businessId }),
    ...(call.body !== undefined && { 'content-type': 'application/json' }),
    ...call.headers,
  },
  ...(call.query !== undefined && { queryStringParameters: call.query }),
  ...((call.id !== undefined || call.path !== undefined) && {
    pathParameters: { ...(call.id !== undefined && { id: call.id }), ...call.path },
  }),
  ...(call.body !== undefined && {
    body: typeof call.body === 'string' ? call.body : JSON.stringify(call.body),
  }),
  isBase64Encoded: false,
  requestContext: {
    requestId: aGatewayId(),
    authorizer: {
      jwt: { claims: call.claims ?? { sub: actor, business_roles: `${String(businessId)}:${role}` } },
    },
  },
});

/** Lambda's context of an invocation that may still run for this time. */
export const aContext = (remainingMs: number): Context => {
  const startedAt = Date.now();
  return {
    awsRequestId: randomUUID(),
    functionName: 'test',
    getRemainingTimeInMillis: () => remainingMs - (Date.now() - startedAt),
  } as Context;
};

const USABLE = /^(?!(?:operator|event|task|link):)[!-~]{1,255}$/i;

/** Whose refusals a call counts for: callers whose subject cannot be used share one count. */
const subjectIn = (requestContext: Partial<ReturnType<typeof anEvent>['requestContext']> = {}): string => {
  const sub: unknown = requestContext.authorizer?.jwt.claims['sub'];
  return typeof sub === 'string' && USABLE.test(sub) ? sub : '';
};

/** Calls a route's handler with an event, as Lambda does. */
export const send = async (handler: unknown, event: unknown, remainingMs = 10_000): Promise<Answer> => {
  const { headers, body, queryStringParameters, requestContext } = event as Partial<
    ReturnType<typeof anEvent>
  >;
  const context = aContext(remainingMs);
  const business = headers?.['x-business-tenant-id'];
  const subject = subjectIn(requestContext);
  if (business !== undefined)
    expectCaller(requestContext?.requestId ?? context.awsRequestId, business.toLowerCase(), subject);
  learnRequest(body, Object.entries(queryStringParameters ?? {}));
  const result = await (handler as Handler)(event, context);
  hearAnswer({ status: result.statusCode, headers: result.headers, text: result.body });
  return {
    status: result.statusCode,
    headers: result.headers,
    body: JSON.parse(result.body),
    text: result.body,
  };
};

/** Calls a route's handler as Lambda does. */
export const call = (handler: unknown, { remainingMs, ...rest }: Call): Promise<Answer> =>
  send(handler, anEvent(rest), remainingMs);

/** Runs the handler of a schedule or an operation as Lambda does. */
export const run = async (handler: unknown, input: unknown, remainingMs = 900_000): Promise<any> =>
  await (handler as Handler)(input, aContext(remainingMs)).catch(hearFailure);
