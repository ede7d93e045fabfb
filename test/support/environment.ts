import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order, Reply } from './environment-process.ts';
import type { KeyringFile } from './keyrings.ts';
import { type Answer, anEvent, type Call } from './service.ts';
import { expectCaller } from './wire/probe.ts';

/** A process that acts as a warm Lambda environment for every use case, with its own connection and keyring. */
export type Environment = Readonly<{
  /** Calls a route by the name of its use case. */
  call: (name: string, call: Call) => Promise<Answer>;
  /** Runs a schedule or an operation. */
  run: (name: string, input?: unknown, remainingMs?: number) => Promise<any>;
  /** Makes it use another keyring from its next request on. */
  useKeyring: (keyring: KeyringFile) => Promise<void>;
  /** Makes it use another version of the service from its next request on, if its preloaded module supports versions. */
  become: (version: string) => void;
  /** The most memory that it ever used, in bytes. */
  peakMemory: () => Promise<number>;
  /** Kills it in the middle of its work. */
  kill: () => Promise<void>;
  stop: () => Promise<void>;
}>;

const PROGRAM = join(import.meta.dirname, 'environment-process.ts');

/** Settings of one environment. */
type Specialty = Readonly<{
  /** A module to load before everything else. */
  preload?: string;
  env?: Readonly<Record<string, string>>;
  /** Called with what it writes to standard output and standard error. */
  hear?: (text: string) => void;
}>;

/** Starts an environment. A call fails if the environment is killed during it. */
export const startEnvironment = async (
  uri: string,
  keyring: KeyringFile,
  { preload, env: more = {}, hear }: Specialty = {},
): Promise<Environment> => {
  const folder = mkdtempSync(join(tmpdir(), 'environment-'));
  const keyringFile = join(folder, 'keyring.json');
  writeFileSync(keyringFile, JSON.stringify(keyring));
  // Its defects are logged; nothing else says what caused a 500.
  const told = { POWERTOOLS_LOG_LEVEL: 'ERROR', ...more };
  const env = { ...process.env, ...told, MONGODB_URI: uri, KEYRING_FILE: keyringFile };
  const execArgv = preload === undefined ? [] : ['--import', preload];
  const stdio =
    hear === undefined ? (['ignore', 'ignore', 'inherit'] as const) : (['ignore', 'pipe', 'pipe'] as const);
  const child = fork(PROGRAM, { execArgv, env, stdio: [...stdio, 'ipc'] });
  if (hear !== undefined)
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
  let version = '';
  const ask = orders(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await ask({ what: 'forget-keyring' });
  const invoke = (name: string, event: unknown, remainingMs: number): Promise<any> => {
    const requestId = randomUUID();
    const { headers, requestContext } = (event ?? {}) as Partial<ReturnType<typeof anEvent>>;
    const caller = headers?.['x-business-tenant-id'];
    if (caller !== undefined) expectCaller(requestContext?.requestId ?? requestId, caller);
    return ask({ what: 'invoke', name, version, event, requestId, remainingMs });
  };
  const end = async (how: () => void): Promise<void> => {
    how();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    call: async (name, { remainingMs = 10_000, ...call }) => {
      const { statusCode, headers, body } = await invoke(name, anEvent(call), remainingMs);
      return { status: statusCode, headers, body: JSON.parse(body), text: body };
    },
    run: (name, input = {}, remainingMs = 540_000) => invoke(name, input, remainingMs),
    useKeyring: async (next) => {
      writeFileSync(keyringFile, JSON.stringify(next));
      await ask({ what: 'forget-keyring' });
    },
    become: (next) => {
      version = next;
    },
    peakMemory: () => ask({ what: 'peak-memory' }),
    kill: () => end(() => child.kill('SIGKILL')),
    stop: () => end(() => child.disconnect()),
  };
};

type Unnumbered = Order extends infer O ? (O extends Order ? Omit<O, 'number'> : never) : never;

/** Sends orders to a process and returns its answers. */
const orders = (child: ChildProcess): ((order: Unnumbered) => Promise<any>) => {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let sent = 0;
  child.on('message', ({ number, result, error }: Reply) => {
    if (error === undefined) waiting.get(number)?.resolve(result);
    else waiting.get(number)?.reject(new Error(error));
    waiting.delete(number);
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The environment has ended.'));
  });
  return (order) =>
    new Promise((resolve, reject) => {
      sent += 1;
      waiting.set(sent, { resolve, reject });
      child.send({ ...order, number: sent });
    });
};
