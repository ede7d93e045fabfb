import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { madeOnce } from './made-once.ts';

const run = promisify(execFile);
const WRITE_ASSEMBLY = join(import.meta.dirname, 'write-assembly.ts');

/** A folder with the bundles of all functions in `dist` and their cloud assembly in `cdk.out`, made once in a Jest run. */
export const builtFunctions = (): Promise<string> =>
  madeOnce('built-functions', (folder) => run(process.execPath, [WRITE_ASSEMBLY, folder]));

/** Writes another cloud assembly of these bundles, with other settings of the stage, into a folder of that name. */
export const writeAssembly = async (
  builtIn: string,
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> => {
  await run(process.execPath, [WRITE_ASSEMBLY, builtIn, JSON.stringify(settings), name]);
};
