import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { standInVersion } from './stand-in/version.ts';

const gateway = fileURLToPath(new URL('stand-in/mongod.ts', import.meta.url));

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Writes a program that mongodb-memory-server takes for a mongod: it runs our gateway with the Node that runs
 * this process. Asked for its version it answers at once, because that question comes before every start.
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
