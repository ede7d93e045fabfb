import { randomBytes } from 'node:crypto';
import { readOrMake } from './kept-file.ts';

const KEY_BYTES = 32;

/**
 * The local keyring as JSON text. The file is created when it does not exist, and never replaced: without its keys,
 * nothing that they encrypted can be read.
 */
export const readOrMakeKeyring = (file: string): Promise<string> => {
  const newKey = () => randomBytes(KEY_BYTES).toString('base64');
  return readOrMake(file, () => JSON.stringify({ current: 'k1', keys: { k1: newKey() }, pepper: newKey() }));
};
