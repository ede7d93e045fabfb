import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { customerBodies } from '../asked.ts';

const TELL_CPU = join(import.meta.dirname, 'tell-cpu.mjs');
/** The size of the functions' own pool: more at once would only wait. */
const AT_ONCE = 2;
const START_MS = 30_000;
/** While a process waits for its turn V8 leaves it little, and then it collects ten times as often as one that never waits. */
const ROOM_FOR_THE_YOUNG = '--min-semi-space-size=16';

export type Kind = 'get' | 'page' | 'create';
type Asked = Readonly<{ method?: string; body?: string; headers?: Readonly<Record<string, string>> }>;
export type Answered = Readonly<{ status: number; headers: Headers; body: any }>;
export type Server = Awaited<ReturnType<typeof startServer>>;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const accepts = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
};

type Start = Readonly<{
  environment: NodeJS.ProcessEnv;
  headers: Readonly<Record<string, string>>;
  /** The file that takes its standard output. */
  log: string;
  /** Whether each kind of request has a process of its own, as each function has on Lambda. */
  isApart: boolean;
}>;

/** A server's process, listening. */
const startProcess = async (file: string, { environment, log }: Start) => {
  const port = await freePort();
  const output = openSync(log, 'a');
  const child = fork(file, {
    execArgv: [ROOM_FOR_THE_YOUNG, '--import', TELL_CPU],
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: ['ignore', output, 'inherit', 'ipc'],
  });
  closeSync(output);
  const end = Date.now() + START_MS;
  while (!(await accepts(port))) {
    if (Date.now() > end || child.exitCode !== null) throw new Error(`${file} did not start to listen.`);
    await pause(50);
  }
  return {
    url: `http://127.0.0.1:${port}/api/v1/customer`,
    usedMicroseconds: async (): Promise<number> => {
      child.send('cpu');
      const [{ user, system }] = await once(child, 'message');
      return user + system;
    },
    stop: () => child.disconnect(),
  };
};

/** A server in processes of its own, with customers, that can be asked for CPU per request. */
export const startServer = async (file: string, start: Start) => {
  const one = await startProcess(file, start);
  const another = async () => (start.isApart ? await startProcess(file, start) : one);
  const processes = { get: one, page: await another(), create: await another() };
  const ask = async (kind: Kind, path: string, more: Asked = {}): Promise<Answered> => {
    const answer = await fetch(`${processes[kind].url}${path}`, {
      ...more,
      headers: { ...start.headers, ...more.headers },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${file} answered ${answer.status}: ${text}`);
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text) };
  };
  const nextBody = customerBodies();
  const create = (body = nextBody(), key: string = randomUUID()) =>
    ask('create', '', { method: 'POST', body, headers: { 'idempotency-key': key } });
  const { body: first } = await create();
  const get = (id = first._id) => ask('get', `/${id}`);
  const page = () => ask('page', '/paged');
  const kinds = { get: () => get(), page, create: () => create() };
  const load = async (kind: Kind, requests: number): Promise<void> => {
    let left = requests;
    const client = async () => {
      while (left > 0) {
        left -= 1;
        await kinds[kind]();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
  };
  return {
    get,
    page,
    create,
    nextBody,
    /** What it has written to standard output. */
    lines: () => readFileSync(start.log, 'utf8').split('\n').slice(0, -1),
    load,
    /** Milliseconds of CPU that the process took for one of so many requests. */
    cpuOf: async (kind: Kind, requests: number): Promise<number> => {
      const { usedMicroseconds } = processes[kind];
      const before = await usedMicroseconds();
      await load(kind, requests);
      return ((await usedMicroseconds()) - before) / requests / 1_000;
    },
    stop: () => {
      for (const { stop } of new Set(Object.values(processes))) stop();
    },
  };
};
