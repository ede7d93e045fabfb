import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { standInVersion } from './stand-in/version.ts';

const gateway = fileURLToPath(new URL('stand-in/mongod.ts', import.meta.url));

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Writes a program that mongodb-memory-server can start as a mongod. It runs our gateway on the Node of this process.
 * It answers --version in the shell, because mongodb-memory-server asks before every start and Node would be slower.
 */
export const writeStandIn = async (folder: string): Promise<string> => {
  const path = join(folder, 'mongod');
  await writeFile(
    path,
    `#!/bin/sh
if [ "$1" = --version ]; then echo 'db version v${standInVersion}'; exit 0; fi
exec ${quoted(process.execPath)} ${quoted(gateway)} "$@"
`,
  );
  await chmod(path, 0o755);
  return path;
};
