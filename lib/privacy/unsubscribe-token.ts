import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Matter, matterOf, mattersIn } from '#lib/domain/rights/consents.ts';
import type { BusinessKeys } from './business-keys.ts';

/** What a link in a message takes back: one purpose by one channel, for one customer of one business. */
export type Withdrawable = Matter & Readonly<{ businessId: string; customerId: string }>;

/** What a token claims. It is true only if the token is genuine. */
export type UnprovenToken = Readonly<{ claims: Withdrawable; signed: Buffer; signature: Buffer }>;

/** Layout of a token: version (1 byte), business (12), customer (12), matter as text, signature (32). In base64url. */
const VERSION = 1;
const ID_BYTES = 12;
const MATTER_AT = 1 + 2 * ID_BYTES;
const SIGNATURE_BYTES = 32;

const signatureOf = (keys: BusinessKeys, signed: Buffer): Buffer | null => {
  const key = keys.peppered('unsubscribe');
  return key === null ? null : createHmac('sha256', key).update(signed).digest();
};

/**
 * The token of a link that withdraws a matter. It holds ids only, and never expires: a link in an old message works after every
 * rotation of keys. Null without a pepper.
 */
export const unsubscribeToken = (
  keys: BusinessKeys,
  { customerId, ...matter }: Omit<Withdrawable, 'businessId'>,
): string | null => {
  const signed = Buffer.concat([
    Buffer.of(VERSION),
    Buffer.from(keys.businessId, 'hex'),
    Buffer.from(customerId, 'hex'),
    Buffer.from(matterOf(matter)),
  ]);
  const signature = signatureOf(keys, signed);
  return signature === null ? null : Buffer.concat([signed, signature]).toString('base64url');
};

/** Reads a token without proving it, to learn by the keys of which business to prove it; null when it is none. */
export const readToken = (text: string): UnprovenToken | null => {
  const bytes = Buffer.from(text, 'base64url');
  // Decoding skips characters that are not base64url. A token has only one spelling.
  if (bytes.toString('base64url') !== text || bytes[0] !== VERSION) return null;
  const signed = bytes.subarray(0, -SIGNATURE_BYTES);
  const [matter] = mattersIn([signed.toString('latin1', MATTER_AT)]);
  if (matter === undefined) return null;
  const idAt = (start: number): string => signed.toString('hex', start, start + ID_BYTES);
  return {
    claims: { businessId: idAt(1), customerId: idAt(1 + ID_BYTES), ...matter },
    signed,
    signature: bytes.subarray(-SIGNATURE_BYTES),
  };
};

/** Whether the business of these keys made the token. Without a pepper, nobody can tell. */
export const isGenuine = (keys: BusinessKeys, { signed, signature }: UnprovenToken): boolean => {
  const expected = signatureOf(keys, signed);
  return expected !== null && timingSafeEqual(expected, signature);
};
