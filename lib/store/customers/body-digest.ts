import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { openText, sealText } from '#lib/privacy/field-cipher.ts';
import { canonicalJson, textDigest } from '#lib/privacy/payload-hash.ts';

const placeOf = (customerId: string) => ({ collection: 'customer_link', id: customerId });

/**
 * Makes the digest by which a customer's creation is recognised when it is sent again: a sealed SHA-256 of the body. A
 * keyed hash could not be made again with another key.
 */
export const sealBodyDigest = (keys: BusinessKeys, customerId: string, body: unknown): Buffer =>
  sealText(keys, placeOf(customerId), textDigest(canonicalJson(body)));

type StoredDigest = Readonly<{ customerId: string; bodyDigest: Uint8Array }>;

/** Whether a stored digest is the digest of this body. */
export const isBodyDigest = (
  keys: BusinessKeys,
  { customerId, bodyDigest }: StoredDigest,
  body: unknown,
): boolean => openText(keys, placeOf(customerId), bodyDigest) === textDigest(canonicalJson(body));

/** The same digest, sealed with the current key. */
export const resealBodyDigest = (keys: BusinessKeys, { customerId, bodyDigest }: StoredDigest): Buffer =>
  sealText(keys, placeOf(customerId), openText(keys, placeOf(customerId), bodyDigest));
