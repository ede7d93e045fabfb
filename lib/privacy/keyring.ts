import { createSecretKey, type KeyObject } from 'node:crypto';

/**
 * The master keys. As KeyObjects they show nothing in a log, and an HMAC with one takes a fifth of the time.
 */
export type Keyring = Readonly<{
  /** The id of the key that seals what is written now. */
  current: string;
  keys: ReadonlyMap<string, KeyObject>;
}>;

const KEY_ID = /^[a-z0-9-]{1,16}$/;
const KEY_BYTES = 32;
const BASE64_OF_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** What a bad keyring is told: the place, never a value, since a value may be a key. */
const fail = (message: string): never => {
  throw new Error(`The keyring is not usable: ${message}`);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    // JSON.parse quotes its input, and that holds keys.
    return fail('it is not JSON.');
  }
};

const parseKey = (id: string, encoded: unknown): KeyObject => {
  if (!KEY_ID.test(id)) return fail('a key id must be 1 to 16 characters of a-z, 0-9 and hyphen.');
  if (typeof encoded !== 'string' || !BASE64_OF_KEY.test(encoded)) {
    return fail(`key ${id} must be the base64 of ${String(KEY_BYTES)} bytes.`);
  }
  return createSecretKey(Buffer.from(encoded, 'base64'));
};

/**
 * Reads `{ "current": "k1", "keys": { "k1": "<base64 of 32 bytes>" } }`, as the secret store holds it.
 * @throws Error that says what is wrong and shows nothing of a key
 */
export const parseKeyring = (json: string): Keyring => {
  const parsed = parseJson(json);
  if (!isObject(parsed) || typeof parsed['current'] !== 'string' || !isObject(parsed['keys'])) {
    return fail('it must be an object with "current", a key id, and "keys", an object.');
  }
  const entries = Object.entries(parsed['keys']);
  const keys = new Map(entries.map(([id, encoded]) => [id, parseKey(id, encoded)]));
  return keys.has(parsed['current'])
    ? { current: parsed['current'], keys }
    : fail('"current" names none of the keys.');
};
