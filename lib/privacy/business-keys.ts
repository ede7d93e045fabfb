import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Keyring } from './keyring.ts';
import { UnknownKey } from './unknown-key.ts';

/** What a key is for. One key serves one purpose, so what is learnt of one says nothing of another. */
export type KeyPurpose =
  | 'field'
  | 'text'
  | 'email-index'
  | 'phone-index'
  | 'search-name'
  | 'search-email'
  | 'search-phone'
  | 'match'
  | 'audit'
  | 'payload'
  | 'idempotency'
  | 'cursor';

/** The keys of one business. What they sealed, no other business's keys open. */
export type BusinessKeys = Readonly<{
  businessId: string;
  currentKeyId: string;
  /** Every master key of the ring, the current one first. */
  keyIds: readonly string[];
  /** Whether the ring has this master key. */
  has(keyId: string): boolean;
  /** @throws UnknownKey when the ring does not have the master key */
  key(purpose: KeyPurpose, keyId: string): KeyObject;
}>;

const KEY_BYTES = 32;
/** HKDF's salt: fixed and public; it sets these keys apart from any other use of the master keys. */
const SALT = 'customer-management/v1';
/** About 3 KB each; above this the business that was longest not asked for is derived again. */
const WARM_BUSINESSES = 500;

const derive = (master: KeyObject, info: string): KeyObject =>
  createSecretKey(new Uint8Array(hkdfSync('sha256', master, SALT, info, KEY_BYTES)));

const deriveLazily = (keyring: Keyring, businessId: string): BusinessKeys => {
  const derived = new Map<string, Map<KeyPurpose, KeyObject>>();
  const others = [...keyring.keys.keys()].filter((keyId) => keyId !== keyring.current);
  return {
    businessId,
    currentKeyId: keyring.current,
    keyIds: [keyring.current, ...others],
    has: (keyId) => keyring.keys.has(keyId),
    key: (purpose, keyId) => {
      const known = derived.get(keyId)?.get(purpose);
      if (known !== undefined) return known;
      const master = keyring.keys.get(keyId);
      if (master === undefined) throw new UnknownKey(keyId);
      const key = derive(master, `${purpose}|${businessId}`);
      const ofMaster = derived.get(keyId) ?? new Map<KeyPurpose, KeyObject>();
      derived.set(keyId, ofMaster.set(purpose, key));
      return key;
    },
  };
};

const warm = new WeakMap<Keyring, Map<string, BusinessKeys>>();

/**
 * The keys of one business: HKDF-SHA-256 of each master key by purpose and business, derived when first asked
 * for and kept while the process is warm.
 */
export const businessKeys = (keyring: Keyring, businessId: string): BusinessKeys => {
  const cached = warm.get(keyring) ?? new Map<string, BusinessKeys>();
  warm.set(keyring, cached);
  const keys = cached.get(businessId) ?? deriveLazily(keyring, businessId);
  // A Map keeps the order of insertion: the first one is the longest unused.
  cached.delete(businessId);
  cached.set(businessId, keys);
  for (const longestUnused of cached.keys()) {
    if (cached.size <= WARM_BUSINESSES) break;
    cached.delete(longestUnused);
  }
  return keys;
};
