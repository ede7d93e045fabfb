import { createHmac } from 'node:crypto';
import type { BusinessKeys, KeyPurpose } from './business-keys.ts';

/** HMAC-SHA-256 of a text, 32 bytes, with the key of the business that is derived from one master key. */
export const keyedHashBy = (
  keys: BusinessKeys,
  key: { purpose: KeyPurpose; keyId: string },
  text: string,
): Buffer => createHmac('sha256', keys.key(key.purpose, key.keyId)).update(text).digest();

/** The hash with the current key, for writing. */
export const keyedHash = (keys: BusinessKeys, purpose: KeyPurpose, text: string): Buffer =>
  keyedHashBy(keys, { purpose, keyId: keys.currentKeyId }, text);

/** The hashes with every key of the ring, the current one first. They also find what an older key wrote. */
export const keyedHashes = (keys: BusinessKeys, purpose: KeyPurpose, text: string): Buffer[] =>
  keys.keyIds.map((keyId) => keyedHashBy(keys, { purpose, keyId }, text));

/** Hashes as they are stored together: each once and sorted by their bytes, so their order shows nothing of the texts. */
export const inNoOrder = (hashes: readonly Buffer[]): Buffer[] =>
  [...new Map(hashes.map((hash) => [hash.toString('latin1'), hash])).values()].sort((one, other) =>
    one.compare(other),
  );
