import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { account } from '../postgres/account.ts';
import { environment, makePrivateFolder } from '../postgres/postgres-process.ts';
import { preloaded } from '../postgres/server-settings.ts';

const runAsServer = async (program: string, options: readonly string[], input = ''): Promise<void> => {
  const child = spawn(program, options, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment,
    cwd: '/',
    ...account,
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} failed: ${Buffer.concat(output).toString()}`);
};

/** Makes the data folder that every new database starts as a copy of: PostgreSQL with the engine in it. */
export const makeTemplate = async (binFolder: string, folder: string): Promise<void> => {
  await makePrivateFolder(folder);
  await runAsServer(join(binFolder, 'initdb'), [
    ...['-D', folder, '--username=postgres', '--auth=trust', '--no-sync'],
    ...['--locale=C.UTF-8', '--encoding=UTF8', '--wal-segsize=1'],
  ]);
  const settings = Object.entries(preloaded).map(([name, value]) => `${name} = '${value}'\n`);
  await appendFile(join(folder, 'postgresql.conf'), settings.join(''));
  // Single-user mode needs neither socket nor port.
  await runAsServer(
    join(binFolder, 'postgres'),
    ['--single', '-F', '-D', folder, 'postgres'],
    'create extension documentdb cascade\n',
  );
};
