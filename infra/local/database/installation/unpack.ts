import { execFile } from 'node:child_process';
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Machine } from './machine.ts';
import type { Progress } from './progress.ts';

const run = promisify(execFile);

/** PostgreSQL's programs, below the root folder. */
export const programFolder = 'usr/lib/postgresql/18/bin';

const unneeded = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/i18n', 'usr/share/info'];

/**
 * Runs a program with the downloaded libraries, the C library included, because the machine's own may be years older.
 * PostgreSQL finds its other files relative to argv 0, so the folder may be anywhere.
 */
const wrapper = (program: string, { libraryFolder, loader }: Machine): string => {
  const libraries = ['', '/blas', '/lapack'].map((part) => `$usr/lib/${libraryFolder}${part}`);
  return `#!/bin/sh
bin=$(cd "$(dirname "$0")" && pwd); usr=\${bin%/lib/postgresql/18/bin}
exec "$usr/lib/${libraryFolder}/${loader}" --argv0 "$bin/${program}" --library-path "${libraries.join(':')}:$usr/lib/postgresql/18/lib" "$bin/${program}.real" "$@"
`;
};

const wrapPrograms = async (root: string, machine: Machine): Promise<void> => {
  for (const program of ['postgres', 'initdb']) {
    const path = join(root, programFolder, program);
    await rename(path, `${path}.real`);
    await writeFile(path, wrapper(program, machine));
    await chmod(path, 0o755);
  }
};

/** Unpacks the packages below `root` and makes their programs run from there. */
export const unpackPackages = async (
  packages: readonly string[],
  root: string,
  { machine, progress }: { machine: Machine; progress: Progress },
): Promise<void> => {
  await mkdir(root, { recursive: true, mode: 0o755 });
  const waiting = [...packages];
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      await run('dpkg-deb', ['--extract', next, root]);
      progress.report(1 - waiting.length / packages.length);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  for (const folder of unneeded) await rm(join(root, folder), { recursive: true, force: true });
  await wrapPrograms(root, machine);
  // Debian makes this link when it installs the package. Here the package is only unpacked.
  const extensions = join(root, 'usr/share/postgresql/18/extension');
  await symlink('postgis-3.control', join(extensions, 'postgis.control'));
};
