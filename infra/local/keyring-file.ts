import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isObject } from './json.ts';

const KEY_BYTES = 32;

/**
 * The local keyring as JSON text; made when the file is not there yet. Whoever loses the file loses what it encrypts:
 * it is never replaced.
 */
export const readOrMakeKeyring = async (file: string): Promise<string> => {
  const made = JSON.stringify({ current: 'k1', keys: { k1: randomBytes(KEY_BYTES).toString('base64') } });
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, made, { mode: 0o600 });
  // Linking a finished file: nobody ever reads half a keyring, and only the first one counts.
  await link(draft, file).catch((error: unknown) => {
    if (!isObject(error) || error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readFile(file, 'utf8');
};
