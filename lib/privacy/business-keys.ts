import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Keyring } from './keyring.ts';
import { UnknownKey } from './unknown-key.ts';

/** What a key is for. Each key serves one purpose, so knowing one key reveals nothing about another. */
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
  | 'audit-head'
  | 'payload'
  | 'idempotency'
  | 'cursor';

/** What a key that no rotation changes is for. */
export type PepperedPurpose = 'suppression' | 'unsubscribe';

/** The keys of one business. The keys of another business cannot open what they sealed. */
export type BusinessKeys = Readonly<{
  businessId: string;
  currentKeyId: string;
  /** The ids of all master keys of the ring, the current one first. */
  keyIds: readonly string[];
  /** Whether the ring has this master key. */
  has(keyId: string): boolean;
  /** @throws UnknownKey when the ring does not have the master key */
  key(purpose: KeyPurpose, keyId: string): KeyObject;
  /** A key made of the pepper, which no rotation changes; null when the keyring has no pepper. */
  peppered(purpose: PepperedPurpose): KeyObject | null;
}>;

const KEY_BYTES = 32;
/** The salt of HKDF. It is fixed and public, and separates these keys from any other use of the master keys. */
const SALT = 'customer-management/v1';
/**
 * How many businesses keep their derived keys, about 3 KB each. Beyond this, those unused for longest are dropped.
 */
const WARM_BUSINESSES = 500;

const derive = (master: KeyObject, info: string): KeyObject =>
  createSecretKey(new Uint8Array(hkdfSync('sha256', master, SALT, info, KEY_BYTES)));

const deriveLazily = (keyring: Keyring, businessId: string): BusinessKeys => {
  const derived = new Map<string, Map<KeyPurpose, KeyObject>>();
  const peppered = new Map<PepperedPurpose, KeyObject>();
  const others = [...keyring.keys.keys()].filter((keyId) => keyId !== keyring.current);
  return {
    businessId,
    currentKeyId: keyring.current,
    keyIds: [keyring.current, ...others],
    has: (keyId) => keyring.keys.has(keyId),
    peppered: (purpose) => {
      if (keyring.pepper === undefined) return null;
      const key = peppered.get(purpose) ?? derive(keyring.pepper, `${purpose}|${businessId}`);
      peppered.set(purpose, key);
      return key;
    },
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
 * The keys of one business: HKDF-SHA-256 of each master key, by purpose and business. They are derived on first use
 * and kept while the process is warm.
 */
export const businessKeys = (keyring: Keyring, businessId: string): BusinessKeys => {
  const cached = warm.get(keyring) ?? new Map<string, BusinessKeys>();
  warm.set(keyring, cached);
  const keys = cached.get(businessId) ?? deriveLazily(keyring, businessId);
  // A Map keeps the order of insertion, so its first entry is the one unused for longest.
  cached.delete(businessId);
  cached.set(businessId, keys);
  for (const longestUnused of cached.keys()) {
    if (cached.size <= WARM_BUSINESSES) break;
    cached.delete(longestUnused);
  }
  return keys;
};
