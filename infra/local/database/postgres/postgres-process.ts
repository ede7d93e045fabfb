import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { account } from './account.ts';
import { settingsFor } from './server-settings.ts';

/** A running PostgreSQL. `ended` resolves when its process has ended for any reason. */
export type PostgresProcess = {
  readonly socketFolder: string;
  readonly pid: number;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

export const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' };

const readyLine = 'database system is ready to accept connections';
const shownLines = 20;
const fastShutdownMs = 3_000;

// A socket's path may have 107 characters at most. The socket is in the data folder if the path is short enough.
const longestSocketFolder = 107 - '/.s.PGSQL.5432'.length;

type SocketFolder = { readonly path: string; remove(): Promise<void> };

const socketFolderFor = async (dataFolder: string): Promise<SocketFolder> => {
  if (dataFolder.length <= longestSocketFolder) return { path: dataFolder, remove: () => Promise.resolve() };
  const path = await mkdtemp(join(tmpdir(), 'embedded-database-'));
  if (account) await chown(path, account.uid, account.gid);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};

const waitUntilReady = (server: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    const lines: string[] = [];
    server.once('error', reject);
    server.once('exit', (code) => {
      reject(new Error(`PostgreSQL ended with code ${code}:\n${lines.slice(-shownLines).join('\n')}`));
    });
    if (!server.stderr) return;
    createInterface(server.stderr).on('line', (line) => {
      lines.push(line);
      if (lines.length > shownLines) lines.shift();
      if (line.includes(readyLine)) resolve();
    });
  });

/**
 * Starts PostgreSQL from `binFolder` on `dataFolder` and resolves when it accepts connections. When this process ends,
 * even by SIGKILL, the kernel ends PostgreSQL (PR_SET_PDEATHSIG, which setpriv of util-linux sets).
 * @param cacheGb memory for data in GB; empty for PostgreSQL's small default
 */
export const startPostgres = async (
  binFolder: string,
  dataFolder: string,
  cacheGb = '',
): Promise<PostgresProcess> => {
  const sockets = await socketFolderFor(dataFolder);
  const settings = Object.entries(settingsFor(sockets.path, cacheGb)).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const server = spawn(
    'setpriv',
    ['--pdeathsig', 'QUIT', '--', join(binFolder, 'postgres'), '-D', dataFolder, ...settings],
    { stdio: ['ignore', 'ignore', 'pipe'], env: environment, cwd: '/', ...account },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const removed = ended.then(() => sockets.remove());
  await waitUntilReady(server);
  return {
    socketFolder: sockets.path,
    pid: server.pid ?? 0,
    ended: removed,
    stop: async () => {
      // A fast shutdown first. If that hangs, an immediate one, after which the next start has to recover.
      server.kill('SIGINT');
      const impatience = setTimeout(() => server.kill('SIGQUIT'), fastShutdownMs);
      await removed;
      clearTimeout(impatience);
    },
  };
};

/** Makes an empty folder that only the server's account can read. */
export const makePrivateFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  if (account) await chown(folder, account.uid, account.gid);
};
