import { createSecretKey, type KeyObject } from 'node:crypto';

/**
 * The master keys. They are KeyObjects because these show nothing in a log, and an HMAC with one takes a fifth of the
 * time.
 */
export type Keyring = Readonly<{
  /** The id of the key that new data is sealed with. */
  current: string;
  keys: ReadonlyMap<string, KeyObject>;
  /** For what must outlive every rotation: kept refusals, links in messages. Absent in a keyring from before there was one. */
  pepper?: KeyObject;
}>;

const KEY_ID = /^[a-z0-9-]{1,16}$/;
const KEY_BYTES = 32;
const BASE64_OF_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** A keyring that cannot be used. Code and message name the place, never a value, because a value may be a key. */
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

/** Whether a text has the form of a master key id. */
export const isKeyId = (text: string): boolean => KEY_ID.test(text);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    // The message of JSON.parse quotes the input, which contains keys.
    return fail('not-json', 'it is not JSON.');
  }
};

const parseKey = (id: string, encoded: unknown): KeyObject => {
  if (!isKeyId(id))
    return fail('bad-key-id', 'a key id must have 1 to 16 characters of a-z, 0-9 and hyphen.');
  return parseBytes(`key ${id}`, encoded);
};

const parseBytes = (name: string, encoded: unknown): KeyObject => {
  if (typeof encoded !== 'string' || !BASE64_OF_KEY.test(encoded)) {
    return fail('bad-key', `${name} must be the base64 of ${String(KEY_BYTES)} bytes.`);
  }
  return createSecretKey(Buffer.from(encoded, 'base64'));
};

const parsePepper = (encoded: unknown): Pick<Keyring, 'pepper'> =>
  encoded === undefined ? {} : { pepper: parseBytes('the pepper', encoded) };

/**
 * Reads a keyring as the secret store holds it: `{ "current": "k1", "keys": { "k1": "<base64 of 32 bytes>" }, "pepper": "…" }`.
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
    ? { current: parsed['current'], keys, ...parsePepper(parsed['pepper']) }
    : fail('no-current-key', '"current" must be the id of one of the keys.');
};

/**
 * The keyring to use after reading it again. If nothing changed it is the same object, so that keys derived from it
 * stay cached.
 * @throws UnusableKeyring when a key has other bytes under the same id: data sealed with the old bytes could not be
 * opened
 */
export const nextKeyring = (before: Keyring | undefined, read: Keyring): Keyring => {
  if (before === undefined) return read;
  for (const [id, key] of read.keys) {
    if (before.keys.get(id)?.equals(key) === false)
      return fail('other-key', `key ${id} has changed. Add a new key with a new id instead.`);
  }
  if (before.pepper !== undefined && read.pepper?.equals(before.pepper) === false)
    return fail('other-pepper', 'the pepper has changed. Put the old one back: kept refusals need it.');
  const isSame =
    (before.pepper === undefined) === (read.pepper === undefined) &&
    read.current === before.current &&
    read.keys.size === before.keys.size &&
    [...read.keys.keys()].every((id) => before.keys.has(id));
  return isSame ? before : read;
};
