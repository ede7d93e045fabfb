import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { openText, sealText } from '#lib/privacy/field-cipher.ts';
import { canonicalJson, textDigest } from '#lib/privacy/payload-hash.ts';

const placeOf = (customerId: string) => ({ collection: 'customer_link', id: customerId });

/**
 * What a customer's creation keeps of its body, to know it again: a SHA-256, sealed. A keyed hash would do as well, but
 * could not be made again with another key.
 */
export const sealBodyDigest = (keys: BusinessKeys, customerId: string, body: unknown): Buffer =>
  sealText(keys, placeOf(customerId), textDigest(canonicalJson(body)));

type StoredDigest = Readonly<{ customerId: string; bodyDigest: Uint8Array }>;

/** Whether it is of this body. */
export const isBodyDigest = (
  keys: BusinessKeys,
  { customerId, bodyDigest }: StoredDigest,
  body: unknown,
): boolean => openText(keys, placeOf(customerId), bodyDigest) === textDigest(canonicalJson(body));

/** The same digest, sealed with the current key. */
export const resealBodyDigest = (keys: BusinessKeys, { customerId, bodyDigest }: StoredDigest): Buffer =>
  sealText(keys, placeOf(customerId), openText(keys, placeOf(customerId), bodyDigest));
