import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { customerBodies } from '../asked.ts';

const TELL_CPU = join(import.meta.dirname, 'tell-cpu.mjs');
/** The size of the functions' own pool: more at once would only wait. */
const AT_ONCE = 2;
const START_MS = 30_000;

export type Kind = 'get' | 'page' | 'create';

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

/** A server in a process of its own, with customers, that can be asked for CPU per request. */
export const startServer = async (
  file: string,
  { environment, headers }: { environment: NodeJS.ProcessEnv; headers: Readonly<Record<string, string>> },
) => {
  const port = await freePort();
  const child = fork(file, {
    execArgv: ['--import', TELL_CPU],
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const end = Date.now() + START_MS;
  while (!(await accepts(port))) {
    if (Date.now() > end || child.exitCode !== null) throw new Error(`${file} does not listen.`);
    await pause(50);
  }
  const base = `http://127.0.0.1:${port}/api/v1/customer`;
  const ask = async (path: string, more: RequestInit = {}): Promise<{ _id: string }> => {
    const answer = await fetch(`${base}${path}`, { headers, ...more });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${file} answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  };
  const body = customerBodies();
  const create = () => ask('', { method: 'POST', body: body() });
  const { _id: id } = await create();
  const kinds = { get: () => ask(`/${id}`), page: () => ask('/paged'), create };
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
  const usedMicroseconds = async (): Promise<number> => {
    child.send('cpu');
    const [{ user, system }] = await once(child, 'message');
    return user + system;
  };
  return {
    load,
    /** Milliseconds of CPU that the process took for one of so many requests. */
    cpuOf: async (kind: Kind, requests: number): Promise<number> => {
      const before = await usedMicroseconds();
      await load(kind, requests);
      return ((await usedMicroseconds()) - before) / requests / 1_000;
    },
    stop: () => child.disconnect(),
  };
};
