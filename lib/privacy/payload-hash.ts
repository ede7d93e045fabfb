import { hash, timingSafeEqual } from 'node:crypto';
import type { BusinessKeys } from './business-keys.ts';
import { keyedHash, keyedHashes } from './keyed-hash.ts';

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : 1);

const withSortedKeys = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(byName))
    : value;

/** One text for one JSON value, whatever the order of its keys; what JSON leaves out is left out. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value ?? null, withSortedKeys);

/** SHA-256 of a text, in base64. Of what can be guessed it tells too much to be stored unsealed. */
export const textDigest = (canonicalText: string): string => hash('sha256', canonicalText, 'base64');

/** What stands for a payload that is only ever compared: 32 bytes, with the current key. */
export const payloadHash = (keys: BusinessKeys, canonicalText: string): Buffer =>
  keyedHash(keys, 'payload', canonicalText);

/** Whether a stored hash, made with whichever key of the ring, is of this payload. */
export const isPayloadHash = (keys: BusinessKeys, canonicalText: string, stored: Uint8Array): boolean =>
  keyedHashes(keys, 'payload', canonicalText).some(
    (made) => made.length === stored.length && timingSafeEqual(made, stored),
  );

/** One caller's idempotency key on one route. */
export type IdempotencyScope = Readonly<{ route: string; actorId: string; key: string }>;

const scopeText = ({ route, actorId, key }: IdempotencyScope): string =>
  JSON.stringify([route, actorId, key]);

/** The ids under which an answer is recorded: 32 bytes for each key of the ring, the current one first. */
export const idempotencyIds = (keys: BusinessKeys, scope: IdempotencyScope): Buffer[] =>
  keyedHashes(keys, 'idempotency', scopeText(scope));
