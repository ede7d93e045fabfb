import { execFile } from 'node:child_process';
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const LOADER = join(import.meta.dirname, 'index.cjs');
const RECORDER = join(import.meta.dirname, 'record.cjs');

/**
 * Ships with a bundle what V8 makes of it: `index.cjs` becomes `function.cjs`, `function.cache` holds the code, and a
 * loader is `index.cjs` from then on. The code is of this process's Node: another one does without it, and says
 * `code-cache-rejected`.
 * @param folder holds the bundle as `index.cjs`
 * @throws Error when the bundle cannot be loaded
 */
export const addCodeCache = async (folder: string): Promise<void> => {
  await rename(join(folder, 'index.cjs'), join(folder, 'function.cjs'));
  await promisify(execFile)(process.execPath, [RECORDER, folder]);
  await copyFile(LOADER, join(folder, 'index.cjs'));
};
