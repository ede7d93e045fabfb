import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';

type Held = { readonly process: ChildProcess; readonly uri: string; readonly engine: string };

const program = fileURLToPath(new URL('../../../support/hold-database.ts', import.meta.url));
const held: ChildProcess[] = [];

/** Starts a database in a process of its own, whatever MONGODB_URI says for the rest of the suite. */
const hold = async (...options: string[]): Promise<Held> => {
  const { MONGODB_URI: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  held.push(child);
  const said: string[] = [];
  createInterface(child.stderr).on('line', (line) => said.push(line));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(said.join('\n'))));
  const started = once(createInterface(child.stdout), 'line');
  const [line] = (await Promise.race([started, ended])) as [string];
  return { process: child, ...(JSON.parse(line) as { uri: string; engine: string }) };
};

const endOf = async (child: ChildProcess): Promise<void> => {
  child.kill('SIGTERM');
  await once(child, 'exit');
};

afterEach(async () => {
  const alive = held.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  await Promise.all(alive.map((child) => endOf(child)));
});

/** Every living process below one, from the kernel's own list. */
const descendantsOf = async (pid: number): Promise<number[]> => {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = list.split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()];
};

const isAlive = async (pid: number): Promise<boolean> => {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // What nobody has buried yet is dead all the same: state Z.
  return status !== undefined && !/\) Z /.test(status);
};

/** The process that listens for MongoDB clients: the one started with a port. */
const serverAmong = async (pids: readonly number[]): Promise<number> => {
  for (const pid of pids) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (commandLine.includes('--dbpath')) return pid;
  }
  throw new Error('no server process was found');
};

const survivorsOf = async (pids: readonly number[]): Promise<number[]> => {
  let alive: number[] = [...pids];
  for (let tries = 0; tries < 100 && alive.length > 0; tries += 1) {
    await delay(100);
    const living = await Promise.all(alive.map(isAlive));
    alive = alive.filter((_, index) => living[index]);
  }
  return alive;
};

const withClient = async <Result>(
  uri: string,
  work: (client: MongoClient) => Promise<Result>,
): Promise<Result> => {
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};

const count = (uri: string): Promise<number> =>
  withClient(uri, (client) => client.db().collection('kept').countDocuments());

const insert = (uri: string): Promise<unknown> =>
  withClient(uri, (client) => client.db().collection('kept').insertOne({}));

describe('a started database', () => {
  it('runs beside another one, each with its own data', async () => {
    const [one, other] = await Promise.all([hold(), hold()]);
    await insert(one.uri);
    expect([await count(one.uri), await count(other.uri)]).toEqual([1, 0]);
  });

  it('keeps its data in a given folder from one run to the next', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kept-data-'));
    const first = await hold(folder);
    await insert(first.uri);
    await endOf(first.process);
    const second = await hold(folder);
    expect(await count(second.uri)).toBe(1);
    await endOf(second.process);
    await rm(folder, { recursive: true });
  });
});

// Who lives and who is dead is read from /proc.
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('a database leaves no process behind', () => {
  it('when it is stopped', async () => {
    const database = await hold();
    const processes = await descendantsOf(database.process.pid ?? 0);
    expect(processes.length).toBeGreaterThan(1);
    await endOf(database.process);
    expect(await survivorsOf(processes)).toEqual([]);
  });

  it('when the process that started it is killed', async () => {
    const database = await hold();
    const processes = await descendantsOf(database.process.pid ?? 0);
    database.process.kill('SIGKILL');
    expect(await survivorsOf(processes)).toEqual([]);
  });

  it('when the server process alone is killed', async () => {
    const database = await hold();
    const children = await descendantsOf(database.process.pid ?? 0);
    const server = await serverAmong(children);
    const below = await descendantsOf(server);
    process.kill(server, 'SIGKILL');
    expect(await survivorsOf([server, ...below])).toEqual([]);
  });
});
