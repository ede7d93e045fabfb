import { timingSafeEqual } from 'node:crypto';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';
import type { BusinessKeys } from './business-keys.ts';
import { keyedHashBy } from './keyed-hash.ts';
import { isKeyId } from './keyring.ts';

/**
 * The end of a history. It is stored apart from the entries, on the customer's link or in the erasure record, so that
 * missing last entries are noticed.
 */
export type HistoryHead = Readonly<{
  businessId: string;
  customerId: string;
  /** The number of the last entry. */
  seq: number;
  /** The hash of the last entry. */
  hash: Uint8Array;
  /** The state and version of the customer after that entry. */
  state: CustomerState;
  /** Null in the erasure record of an earlier version, which did not keep it. */
  version: number | null;
}>;

/** A head with the seal that is stored beside it. Null when there is none: an earlier version wrote none. */
export type SealedHead = HistoryHead & Readonly<{ seal: Uint8Array | null }>;

const MAC_BYTES = 32;

/** Stands for the unknown keys of entries whose head was not sealed. It is not a key id. */
export const UNSEALED_KEYS = ':unsealed';

const macOf = (keys: BusinessKeys, head: HistoryHead, keyIds: readonly string[]): Buffer => {
  const { businessId, customerId, seq, hash, state, version } = head;
  const facts = [businessId, customerId, seq, Buffer.from(hash).toString('hex'), state, version];
  const key = { purpose: 'audit-head', keyId: keyIds[0] ?? '' } as const;
  return keyedHashBy(keys, key, JSON.stringify(['history-head/2', keyIds, ...facts]));
};

/**
 * Seals a head with the current key: an HMAC of its own over business, customer, number, last hash, state and version.
 * @param olderKeyIds the other keys that the hashes of the entries were made with
 */
export const sealHead = (
  keys: BusinessKeys,
  head: HistoryHead,
  olderKeyIds: readonly string[] = [],
): Buffer => {
  const { currentKeyId } = keys;
  const keyIds = [currentKeyId, ...olderKeyIds.filter((keyId) => keyId !== currentKeyId)];
  return Buffer.concat([Buffer.from(keyIds.join('+')), macOf(keys, head, keyIds)]);
};

/** The parts of a seal: the keys of the history, the one that made the seal first, and the HMAC. */
export type SealParts = Readonly<{ keyIds: readonly string[]; mac: Buffer }>;

/** Reads a seal without checking it; null when it does not have the form of one. */
export const readSeal = (seal: Uint8Array | null): SealParts | null => {
  if (seal === null) return null;
  const bytes = Buffer.from(seal);
  const keyIds = bytes.subarray(0, -MAC_BYTES).toString('latin1').split('+');
  return isKeyId(keyIds[0] ?? '') ? { keyIds, mac: bytes.subarray(-MAC_BYTES) } : null;
};

/**
 * Whether the seal of a head was made for exactly this head.
 * @throws UnknownKey when the ring does not have the key that the seal names
 */
export const isSealed = (keys: BusinessKeys, head: SealedHead): boolean => {
  const parts = readSeal(head.seal);
  return parts !== null && timingSafeEqual(parts.mac, macOf(keys, head, parts.keyIds));
};
