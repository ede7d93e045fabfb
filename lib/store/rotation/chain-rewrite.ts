import type { mongo } from 'mongoose';
import { type AuditHead, rehashChain } from '#lib/privacy/audit-chain.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { openText, sealText } from '#lib/privacy/field-cipher.ts';
import { keyUseOf, keyUseWith } from '#lib/privacy/key-use.ts';
import { bytesOf } from '#lib/store/bytes.ts';
import { toEntry, troubleOf } from '#lib/store/chains.ts';
import type { AuditDocument } from '#lib/store/models/records.ts';

/** A change of one stored document that has to be as it was read. */
export type Replacement = Readonly<{ collection: string; filter: mongo.Document; set: mongo.Document }>;

/** Why a customer is not, or not wholly, written by the current key. */
export type Trouble =
  /** The audit is not what was written. The rest is rewritten; the audit stays as it is, for somebody to look at. */
  | 'broken-history'
  /** Something names a key that the keyring does not have: put it back. */
  | 'key-missing'
  /** A sealed field does not open: it was altered or moved. */
  | 'unreadable'
  /** A live customer of the business has the same email or phone, which should not be. */
  | 'duplicate';

/** A chain as the current key hashes it, and the keys that a record with this chain leans on. */
export type RewrittenChain = Readonly<{
  replacements: readonly Replacement[];
  /** Absent when nothing of the chain is rewritten. */
  head?: Buffer;
  keyUse: string;
  trouble: Trouble | null;
}>;

/**
 * Hashes a customer's audit with the current key and seals its free texts with it, after having verified all of it with
 * the keys from before. One that is not what was written stays as it is: it must not come out whole.
 * @param entries oldest first
 */
export const rewriteChain = (
  keys: BusinessKeys,
  entries: readonly AuditDocument[],
  head: AuditHead,
): RewrittenChain => {
  const rehashed = rehashChain(keys, entries.map(toEntry), head);
  if (rehashed === null) return untouched(keys, entries);
  try {
    const replacements = entries.map((entry, index): Replacement => {
      const { keyId = entry.keyId, hash = entry.hash } = rehashed[index] ?? {};
      return {
        collection: 'customer_audit',
        filter: { _id: entry._id, hash: bytesOf(entry.hash) },
        set: { keyId, hash, ...resealedReason(keys, entry) },
      };
    });
    const hash = Buffer.from(rehashed.at(-1)?.hash ?? head.hash);
    return { replacements, head: hash, keyUse: keyUseOf(keys), trouble: null };
  } catch {
    // A text that does not open was altered.
    return untouched(keys, entries);
  }
};

const untouched = (keys: BusinessKeys, entries: readonly AuditDocument[]): RewrittenChain => {
  const named = entries.map(({ keyId }) => keyId);
  return { replacements: [], keyUse: keyUseWith(named, keys), trouble: troubleOf(keys, entries) };
};

const resealedReason = (keys: BusinessKeys, { _id, reason }: AuditDocument): { reason?: Buffer } => {
  if (reason === undefined) return {};
  const place = { collection: 'customer_audit', id: _id.toHexString() };
  return { reason: sealText(keys, place, openText(keys, place, bytesOf(reason))) };
};
