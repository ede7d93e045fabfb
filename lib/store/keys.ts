import { type BusinessKeys, businessKeys } from '#lib/privacy/business-keys.ts';
import { type Keyring, nextKeyring, parseKeyring } from '#lib/privacy/keyring.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import { describeError, logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { renewed } from '#lib/runtime/renewed.ts';
import { readKeyring } from '#lib/runtime/secrets.ts';
import { Conflict } from './conflict.ts';

const RENEW_AFTER_MS = 60_000;
/** With the five minutes for which the platform's extension keeps a secret: ten until every environment has a new one. */
const TOO_OLD_AFTER_MS = 5 * 60_000;

const keyring = renewed<Keyring>({
  read: async (kept) => nextKeyring(kept, parseKeyring(await readKeyring())),
  renewAfterMs: RENEW_AFTER_MS,
  tooOldAfterMs: TOO_OLD_AFTER_MS,
  onFailure: (error) => {
    logEvent('keyring-not-renewed', describeError(error));
    count('DefectMet');
  },
});

/** Whoever began with a keyring ends with it: what one request writes must be of one piece. */
const ringOf = new WeakMap<object, Keyring>();

/** The keys of one business. Always the caller's own, so that a scoping bug yields ciphertext. */
export const keysOf = async (scope: { businessId: string }): Promise<BusinessKeys> => {
  const read = ringOf.get(scope) ?? (await keyring.get());
  const ring = ringOf.get(scope) ?? read;
  ringOf.set(scope, ring);
  return businessKeys(ring, scope.businessId);
};

/**
 * Makes sure that a request's keyring has the keys that something stored names, as far as they exist: when one is new to
 * this environment, the keyring is read again at once.
 * @throws Conflict when that brought a key: the request has to be begun again, with the new keyring
 */
export const learnKeys = async (scope: { businessId: string }, keyIds: Iterable<string>): Promise<void> => {
  const keys = await keysOf(scope);
  const unknown = [...new Set(keyIds)].filter((keyId) => !keys.has(keyId));
  if (unknown.length === 0) return;
  const { keys: known } = await keyring.getAnew();
  if (unknown.some((keyId) => known.has(keyId))) {
    throw new Conflict('What is stored was sealed with a key that has just been added.');
  }
};

/**
 * Reads what is stored with the keys of a request's business.
 * @throws Conflict when it names a key that this environment has learnt of only now
 * @throws UnknownKey when there is no such key
 */
export const readWithKeys = async <T>(
  scope: { businessId: string },
  read: (keys: BusinessKeys) => T,
): Promise<T> => {
  const keys = await keysOf(scope);
  try {
    return read(keys);
  } catch (error) {
    if (error instanceof UnknownKey) await learnKeys(scope, [error.keyId]);
    throw error;
  }
};

/** The keyring as it is stored now, for work on every business. */
export const readKeyringNow = (): Promise<Keyring> => keyring.getAnew();

/** Whether this keyring is still the one in use. */
export const isKeyringInUse = async (ring: Keyring): Promise<boolean> => (await keyring.get()) === ring;

/** Ends when the keyring is not being read any more, whatever came of it. */
export const keyringAtRest = (): Promise<void> => keyring.atRest();

/** Makes the next request read the keyring again, whatever it is then. */
export const forgetKeyring = (): void => {
  keyring.forget();
};
