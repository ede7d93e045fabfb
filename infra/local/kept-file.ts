import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isObject } from './json.ts';

/**
 * The text of a file that only its owner can read. It is made when it does not exist, and never replaced.
 * @param make the text of a new file
 */
export const readOrMake = async (file: string, make: () => string | Promise<string>): Promise<string> => {
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, await make(), { mode: 0o600 });
  // Linking a finished file is atomic: no reader sees half a file, and of two processes only the first one wins.
  await link(draft, file).catch((error: unknown) => {
    if (!isObject(error) || error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readFile(file, 'utf8');
};
