import { timingSafeEqual } from 'node:crypto';
import type { AuditEntry } from '#lib/domain/audit-entry.ts';
import type { BusinessKeys } from './business-keys.ts';
import { keyedHashBy } from './keyed-hash.ts';

/** An entry as it is kept: with its hash, which covers the entry and the hash before it. */
export type SealedAuditEntry = AuditEntry & Readonly<{ hash: Uint8Array }>;

/** Where a chain ends, kept apart from it, so that a cut tail shows. */
export type AuditHead = Readonly<{ seq: number; hash: Uint8Array }>;

/** One text for one entry: a JSON array in this order, for ever. */
const canonical = (entry: AuditEntry, previous: Uint8Array | null): string =>
  JSON.stringify([
    previous === null ? null : Buffer.from(previous).toString('hex'),
    entry.keyId,
    entry.seq,
    entry.at.toISOString(),
    entry.businessId,
    entry.customerId,
    entry.actor,
    entry.role,
    entry.purpose,
    entry.requestId,
    entry.action,
    entry.from,
    entry.to,
    entry.fields,
  ]);

/**
 * HMAC-SHA-256 over an entry and the hash before it (null for the first), with the master key the entry
 * names.
 * @throws UnknownKey when the ring does not have that key
 */
export const auditHash = (keys: BusinessKeys, entry: AuditEntry, previous: Uint8Array | null): Buffer =>
  keyedHashBy(keys, { purpose: 'audit', keyId: entry.keyId }, canonical(entry, previous));

const isEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

const follows = (
  keys: BusinessKeys,
  entry: SealedAuditEntry,
  before: SealedAuditEntry | undefined,
): boolean => keys.has(entry.keyId) && isEqual(entry.hash, auditHash(keys, entry, before?.hash ?? null));

/**
 * Whether a customer's whole audit, oldest first, is what was written: nothing edited, dropped, swapped,
 * added or cut off. Each hash covers its entry, number included, and the one before. Who can set entries
 * **and** head back to an older state of both stays unseen.
 */
export const verifyChain = (
  keys: BusinessKeys,
  entries: readonly SealedAuditEntry[],
  head: AuditHead,
): boolean => {
  const last = entries.at(-1);
  if (last === undefined) return head.seq === 0;
  return (
    last.seq === head.seq &&
    isEqual(last.hash, head.hash) &&
    entries.every((entry, index) => follows(keys, entry, entries[index - 1]))
  );
};

/**
 * The same chain hashed with the current key, oldest entry first; null when it is not what was written: what was
 * tampered with must not come out whole.
 */
export const rehashChain = (
  keys: BusinessKeys,
  entries: readonly SealedAuditEntry[],
  head: AuditHead,
): SealedAuditEntry[] | null => {
  if (!verifyChain(keys, entries, head)) return null;
  const rehashed: SealedAuditEntry[] = [];
  for (const { hash: _former, ...entry } of entries) {
    const current = { ...entry, keyId: keys.currentKeyId };
    rehashed.push({ ...current, hash: auditHash(keys, current, rehashed.at(-1)?.hash ?? null) });
  }
  return rehashed;
};
