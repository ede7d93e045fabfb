import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import mongoose, { type Connection } from 'mongoose';
import { type Gateway, startGateway } from '#infra/local/gateway.ts';
import { aBusinessId, aKeyring } from './service.ts';
import { hearAnswer, hearFailure, hearLine, learnRequest } from './leak-watch.ts';
import { adminUriOf, testDatabaseUri } from './test-database.ts';

const BUILD_PATIENCE_MS = 60_000;

/** The bundles and the cloud assembly of this jest run: the first file that asks makes them, the others wait. */
const assembly = async (): Promise<string> => {
  const folder = join(process.env['TEST_RUN_FOLDER'] ?? '', 'served');
  const ready = join(folder, 'ready');
  try {
    mkdirSync(folder);
  } catch {
    const giveUpAt = Date.now() + BUILD_PATIENCE_MS;
    while (!existsSync(ready)) {
      if (Date.now() > giveUpAt) throw new Error('Another test file did not finish bundling the functions.');
      await pause(100);
    }
    return join(folder, 'cdk.out');
  }
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'write-assembly.ts'), folder]);
  writeFileSync(ready, '');
  return join(folder, 'cdk.out');
};

type Settings = Readonly<Record<string, string>>;

/** The same bundles with other settings of the stage. */
const assemblyWith = async (settings: Settings): Promise<string> => {
  const folder = dirname(await assembly());
  const outdir = `cdk.out-${randomUUID()}`;
  const script = join(import.meta.dirname, 'write-assembly.ts');
  await promisify(execFile)(process.execPath, [script, folder, JSON.stringify(settings), outdir]);
  return join(folder, outdir);
};

export type HttpCall = {
  /** Sent as JSON; texts and bytes as they are. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  role?: string;
  /** Null sends no token. */
  token?: string | null;
  /** Null names none; the token is then one for the usual business. */
  businessId?: string | null;
};
const bodyOf = (body: unknown): string | Uint8Array<ArrayBuffer> => {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
};

export type HttpAnswer = { status: number; headers: Headers; body: any; text: string };

/** The bundles behind the local gateway on a database of their own. */
export type Served = Readonly<{
  gateway: Gateway;
  database: Connection;
  businessId: string;
  /** Calls as the owner of `businessId` unless told otherwise: `request('GET', '/api/v1/customer/paged')`. */
  request: (method: string, path: string, call?: HttpCall) => Promise<HttpAnswer>;
  stop: () => Promise<void>;
}>;

type Log = NonNullable<Parameters<typeof startGateway>[0]['log']>;

/**
 * Serves the real bundles. `uri` stands in for the database's, as through a proxy; `settings` are those of the stage, in
 * place of the usual ones of the tests; `log` hears what the functions write.
 */
export const serveBundles = async (
  name: string,
  {
    uri = testDatabaseUri(name),
    maxEnvironmentsPerFunction = 2,
    settings,
    log,
  }: { uri?: string; maxEnvironmentsPerFunction?: number; settings?: Settings; log?: Log } = {},
): Promise<Served> => {
  const gateway = await startGateway({
    assembly: await (settings === undefined ? assembly() : assemblyWith(settings)),
    secrets: { DatabaseUri: uri, Keyring: JSON.stringify(aKeyring()) },
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
