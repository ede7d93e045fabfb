import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { builtFunctions, writeAssembly } from './built-functions.ts';
import { aBusinessId, aKeyring } from './service.ts';
import { hearAnswer, hearFailure, hearLine, learnRequest } from './leak-watch.ts';
import { adminUriOf, testDatabaseUri } from './test-database.ts';

type Settings = Readonly<Record<string, string>>;

/** The cloud assembly: the usual one, or one of the same bundles with other settings of the stage. */
const assembly = async (settings?: Settings): Promise<string> => {
  const folder = await builtFunctions();
  if (settings === undefined) return join(folder, 'cdk.out');
  const name = `cdk.out-${randomUUID()}`;
  await writeAssembly(folder, name, settings);
  return join(folder, name);
};

export type HttpCall = {
  /** Sent as JSON; texts and bytes are sent unchanged. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  role?: string;
  /** Null sends no token. */
  token?: string | null;
  /** Null sends no business; the token is then one for the usual business. */
  businessId?: string | null;
};
const bodyOf = (body: unknown): string | Uint8Array<ArrayBuffer> => {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
};

export type HttpAnswer = { status: number; headers: Headers; body: any; text: string };

/** The bundles behind the local gateway, on a database of their own. */
export type Served = Readonly<{
  gateway: Gateway;
  database: Connection;
  businessId: string;
  /** Calls as the owner of `businessId` by default: `request('GET', '/api/v1/customer/paged')`. */
  request: (method: string, path: string, call?: HttpCall) => Promise<HttpAnswer>;
  stop: () => Promise<void>;
}>;

type Log = NonNullable<Parameters<typeof startGateway>[0]['log']>;

/**
 * Serves the real bundles. `uri` replaces the database's address, for example with a proxy; `settings` are those of the
 * stage, instead of the usual ones of the tests; `log` is called with what the functions write; `keyring` is that of its secret.
 */
export const serveBundles = async (
  name: string,
  {
    uri = testDatabaseUri(name),
    maxEnvironmentsPerFunction = 2,
    settings,
    log,
    keyring = JSON.stringify(aKeyring()),
  }: {
    uri?: string;
    maxEnvironmentsPerFunction?: number;
    settings?: Settings;
    log?: Log;
    keyring?: string | (() => Promise<string>);
  } = {},
): Promise<Served> => {
  const gateway = await startGateway({
    assembly: await assembly(settings),
    secrets: { DatabaseUri: uri, Keyring: keyring },
    health: { mongodbUri: uri },
    maxEnvironmentsPerFunction,
    log: (functionName, line) => {
      hearLine(line);
      log?.(functionName, line);
    },
    beforeServing: (invoke) => invoke('migrate-database'),
  });
  const database = await mongoose.createConnection(adminUriOf(uri)).asPromise();
  const ownBusiness = aBusinessId();
  const request: Served['request'] = async (method, path, call = {}) => {
    const { body, headers, role = 'OWNER', businessId = ownBusiness } = call;
    const token =
      call.token === undefined ? gateway.token({ businessId: businessId ?? ownBusiness, role }) : call.token;
    learnRequest(body, new URL(path, gateway.url).searchParams);
    const answer = await fetch(`${gateway.url}${path}`, {
      method,
      headers: {
        ...(businessId !== null && { 'x-business-tenant-id': businessId }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: bodyOf(body) }),
    });
    const text = await answer.text();
    hearAnswer({ status: answer.status, headers: Object.fromEntries(answer.headers), text });
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  };
  return {
    gateway: {
      ...gateway,
      invoke: (name, payload) => gateway.invoke(name, payload).catch(hearFailure),
      runSchedule: (name, input) => gateway.runSchedule(name, input).catch(hearFailure),
    },
    database,
    businessId: ownBusiness,
    request,
    stop: async () => {
      await gateway.stop();
      await database.dropDatabase();
      await database.destroy();
    },
  };
};

/** An id as an offline client makes it. */
export const aClientId = (): string => randomBytes(12).toString('hex');
