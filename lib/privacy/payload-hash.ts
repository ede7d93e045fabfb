import { hash, timingSafeEqual } from 'node:crypto';
import type { BusinessKeys } from './business-keys.ts';
import { keyedHash, keyedHashes } from './keyed-hash.ts';

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : 1);

const withSortedKeys = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(byName))
    : value;

/** The same text for the same JSON value, in any order of its keys. What JSON leaves out is left out. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value ?? null, withSortedKeys);

/** SHA-256 of a text, in base64. Do not store it unsealed if the text can be guessed. */
export const textDigest = (canonicalText: string): string => hash('sha256', canonicalText, 'base64');

/** The hash of a payload that is only compared: 32 bytes, with the current key. */
export const payloadHash = (keys: BusinessKeys, canonicalText: string): Buffer =>
  keyedHash(keys, 'payload', canonicalText);

/** Whether a stored hash is of this payload. It may be made with any key of the ring. */
export const isPayloadHash = (keys: BusinessKeys, canonicalText: string, stored: Uint8Array): boolean =>
  keyedHashes(keys, 'payload', canonicalText).some(
    (made) => made.length === stored.length && timingSafeEqual(made, stored),
  );

/** The idempotency key of one caller on one route. */
export type IdempotencyScope = Readonly<{ route: string; actorId: string; key: string }>;

const scopeText = ({ route, actorId, key }: IdempotencyScope): string =>
  JSON.stringify([route, actorId, key]);

/** The ids under which an answer may be recorded: 32 bytes for each key of the ring, the current one first. */
export const idempotencyIds = (keys: BusinessKeys, scope: IdempotencyScope): Buffer[] =>
  keyedHashes(keys, 'idempotency', scopeText(scope));
