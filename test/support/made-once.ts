import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 110_000;
const LOOK_EVERY_MS = 50;

/**
 * Makes what several test files of this Jest run need: the first that asks makes it, the others wait.
 * @param name of its folder, among what the files of the run share
 * @param make fills the folder
 * @returns the folder
 * @throws Error when another file did not finish in time
 */
export const madeOnce = async (name: string, make: (folder: string) => Promise<unknown>): Promise<string> => {
  const folder = join(process.env['TEST_RUN_FOLDER'] ?? '', name);
  const ready = join(folder, 'ready');
  if (isFirst(folder)) {
    await make(folder);
    writeFileSync(ready, '');
    return folder;
  }
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!existsSync(ready)) {
    if (Date.now() > giveUpAt) throw new Error(`Another test file did not finish making ${name}.`);
    await pause(LOOK_EVERY_MS);
  }
  return folder;
};

const isFirst = (folder: string): boolean => {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
};
