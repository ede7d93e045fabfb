import { type BusinessKeys, businessKeys } from '#lib/privacy/business-keys.ts';
import { type Keyring, parseKeyring } from '#lib/privacy/keyring.ts';

export const BUSINESS = '5f1d7f3a9c3b4e2d8a6c1b0a';
export const OTHER_BUSINESS = '5f1d7f3a9c3b4e2d8a6c1b0b';

/** A key that is told from others by one byte, as base64. */
export const keyText = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

/** A ring of keys k1, k2…; the first one named is the current one. */
export const aRing = (...keyNumbers: number[]): Keyring =>
  parseKeyring(
    JSON.stringify({
      current: `k${String(keyNumbers[0])}`,
      keys: Object.fromEntries(keyNumbers.map((byte) => [`k${String(byte)}`, keyText(byte)])),
    }),
  );

export const someKeys = (businessId = BUSINESS, ring = aRing(1)): BusinessKeys =>
  businessKeys(ring, businessId);

export const hex = (values: readonly Uint8Array[]): string[] =>
  values.map((value) => Buffer.from(value).toString('hex'));
