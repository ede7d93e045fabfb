import { createHmac } from 'node:crypto';
import type { BusinessKeys, KeyPurpose } from './business-keys.ts';

/** HMAC-SHA-256 of a text with one master key's share of a business: 32 bytes. */
export const keyedHashBy = (
  keys: BusinessKeys,
  key: { purpose: KeyPurpose; keyId: string },
  text: string,
): Buffer => createHmac('sha256', keys.key(key.purpose, key.keyId)).update(text).digest();

/** With the current key: what is written. */
export const keyedHash = (keys: BusinessKeys, purpose: KeyPurpose, text: string): Buffer =>
  keyedHashBy(keys, { purpose, keyId: keys.currentKeyId }, text);

/** With every key of the ring, the current one first: what finds a thing that an older key wrote. */
export const keyedHashes = (keys: BusinessKeys, purpose: KeyPurpose, text: string): Buffer[] =>
  keys.keyIds.map((keyId) => keyedHashBy(keys, { purpose, keyId }, text));
