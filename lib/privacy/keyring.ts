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

/** What is wrong with a keyring. Code and message name the place, never a value, since a value may be a key. */
export class UnusableKeyring extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`The keyring is not usable: ${message}`);
    this.name = 'UnusableKeyring';
    this.code = code;
  }
}

const fail = (code: string, message: string): never => {
  throw new UnusableKeyring(code, message);
};

/** Whether a text can be the id of a master key. */
export const isKeyId = (text: string): boolean => KEY_ID.test(text);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    // JSON.parse quotes its input, and that holds keys.
    return fail('not-json', 'it is not JSON.');
  }
};

const parseKey = (id: string, encoded: unknown): KeyObject => {
  if (!isKeyId(id)) return fail('bad-key-id', 'a key id must be 1 to 16 characters of a-z, 0-9 and hyphen.');
  if (typeof encoded !== 'string' || !BASE64_OF_KEY.test(encoded)) {
    return fail('bad-key', `key ${id} must be the base64 of ${String(KEY_BYTES)} bytes.`);
  }
  return createSecretKey(Buffer.from(encoded, 'base64'));
};

/**
 * Reads `{ "current": "k1", "keys": { "k1": "<base64 of 32 bytes>" } }`, as the secret store holds it.
 * @throws UnusableKeyring that says what is wrong and shows nothing of a key
 */
export const parseKeyring = (json: string): Keyring => {
  const parsed = parseJson(json);
  if (!isObject(parsed) || typeof parsed['current'] !== 'string' || !isObject(parsed['keys'])) {
    return fail('no-keyring', 'it must be an object with "current", a key id, and "keys", an object.');
  }
  const entries = Object.entries(parsed['keys']);
  const keys = new Map(entries.map(([id, encoded]) => [id, parseKey(id, encoded)]));
  return keys.has(parsed['current'])
    ? { current: parsed['current'], keys }
    : fail('no-current-key', '"current" names none of the keys.');
};

/**
 * What takes a keyring's place when it is read again: the one from before when nothing is different, so that what was
 * derived from it stays.
 * @throws UnusableKeyring when a key has other bytes under the same id: what the former ones sealed could not be opened
 */
export const nextKeyring = (before: Keyring | undefined, read: Keyring): Keyring => {
  if (before === undefined) return read;
  for (const [id, key] of read.keys) {
    if (before.keys.get(id)?.equals(key) === false)
      return fail('other-key', `key ${id} is not the key it was.`);
  }
  const isSame =
    read.current === before.current &&
    read.keys.size === before.keys.size &&
    [...read.keys.keys()].every((id) => before.keys.has(id));
  return isSame ? before : read;
};
