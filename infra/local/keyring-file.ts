import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isObject } from './json.ts';

const KEY_BYTES = 32;

/**
 * The local keyring as JSON text. The file is created when it does not exist, and never replaced: without its keys,
 * nothing that they encrypted can be read.
 */
export const readOrMakeKeyring = async (file: string): Promise<string> => {
  const newKey = () => randomBytes(KEY_BYTES).toString('base64');
  const made = JSON.stringify({ current: 'k1', keys: { k1: newKey() }, pepper: newKey() });
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, made, { mode: 0o600 });
  // Linking a finished file is atomic: no reader sees half a keyring, and of two processes only the first one wins.
  await link(draft, file).catch((error: unknown) => {
    if (!isObject(error) || error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readFile(file, 'utf8');
};
