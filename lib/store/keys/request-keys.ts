import { type BusinessKeys, businessKeys } from '#lib/privacy/business-keys.ts';
import { type Keyring, nextKeyring, parseKeyring } from '#lib/privacy/keyring.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import { describeError, logEvent } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { renewed } from '#lib/runtime/renewed.ts';
import { readKeyring } from '#lib/runtime/secrets.ts';
import { Conflict } from '#lib/store/database/conflict.ts';

const RENEW_AFTER_MS = 60_000;
/** The platform's extension caches a secret for five minutes too: after ten, every environment has a new keyring. */
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

/** A request keeps the keyring that it started with, so all that it writes is made with the same keys. */
const keyringByScope = new WeakMap<object, Keyring>();

/** The keys of the caller's own business. A command that reads another business by mistake cannot open its data. */
export const keysOf = async (scope: { businessId: string }): Promise<BusinessKeys> => {
  const read = keyringByScope.get(scope) ?? (await keyring.get());
  const ring = keyringByScope.get(scope) ?? read;
  keyringByScope.set(scope, ring);
  return businessKeys(ring, scope.businessId);
};

/**
 * Checks that a request's keyring has these keys. If one is missing, the keyring is read again at once: the key may have
 * been added since. Keys that do not exist are ignored.
 * @throws Conflict when the new keyring has a missing key: the request must start again, and then uses that keyring
 */
export const ensureKeys = async (scope: { businessId: string }, keyIds: Iterable<string>): Promise<void> => {
  const keys = await keysOf(scope);
  const unknown = [...new Set(keyIds)].filter((keyId) => !keys.has(keyId));
  if (unknown.length === 0) return;
  const { keys: known } = await keyring.getAnew();
  if (unknown.some((keyId) => known.has(keyId))) {
    throw new Conflict('A stored value needs a key that was added to the keyring after the request started.');
  }
};

/**
 * Calls `read` with the keys of a request's business.
 * @throws Conflict when a stored value needs a key that was added to the keyring after the request started
 * @throws UnknownKey when it needs a key that does not exist
 */
export const readWithKeys = async <T>(
  scope: { businessId: string },
  read: (keys: BusinessKeys) => T,
): Promise<T> => {
  const keys = await keysOf(scope);
  try {
    return read(keys);
  } catch (error) {
    if (error instanceof UnknownKey) await ensureKeys(scope, [error.keyId]);
    throw error;
  }
};

/** Reads the keyring as it is stored now, for tasks that work on every business. */
export const readKeyringNow = (): Promise<Keyring> => keyring.getAnew();

/** Whether this keyring is still the one in use. */
export const isKeyringInUse = async (ring: Keyring): Promise<boolean> => (await keyring.get()) === ring;

/** Resolves when no read of the keyring is under way, whether the last one succeeded or failed. */
export const keyringAtRest = (): Promise<void> => keyring.atRest();

/** Drops the keyring, so the next request reads it again. */
export const forgetKeyring = (): void => {
  keyring.forget();
};
