import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { rehashChain, type SealedHistoryEntry } from '#lib/privacy/history-chain.ts';
import { type RenewedReason, renewReason } from '#lib/privacy/history-reason.ts';
import type { SealedHead } from '#lib/privacy/history-seal.ts';
import { keyUseOf, keyUseWith } from '#lib/privacy/key-use.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import type { Write } from '#lib/store/database/write.ts';
import { openChain, reasonOf, toEntry, verificationTrouble } from '#lib/store/histories/chains.ts';
import type { HistoryEntryDocument } from '#lib/store/collections/customer-audit.ts';

/** Why a customer is not, or not completely, rewritten with the current key. */
export type Trouble =
  /** The history was altered. It is left as it is, to be investigated. The rest of the customer is rewritten. */
  | 'broken-history'
  /** A stored value needs a key that the keyring does not have: add the key again. */
  | 'key-missing'
  /** A sealed field cannot be opened: it was altered or moved. */
  | 'unreadable'
  /** Another live customer of the business has the same email or phone, which should be impossible. */
  | 'duplicate';

/** The writes that hash a history with the current key, and the keys that its record needs afterwards. */
export type RewrittenChain = Readonly<{
  replacements: readonly Write[];
  /** Absent when the history is not rewritten. */
  head?: Readonly<{ auditHead: Buffer; auditSeal: Buffer }>;
  keyUse: string;
  trouble: Trouble | null;
}>;

/** A history as it is stored, oldest entry first. */
type StoredChain = Readonly<{ stored: readonly HistoryEntryDocument[]; head: SealedHead }>;

/**
 * Verifies a customer's history with the keys that it was made with, then hashes it and seals its free texts and its head
 * with the current key. An altered history is left as it is: rewriting it would make it verify.
 */
export const rewriteChain = (
  keys: BusinessKeys,
  { stored, head }: StoredChain,
  blanks: Readonly<{ mayBeBlanked: boolean }>,
): RewrittenChain => {
  if (!openChain(keys, { stored, head }, blanks).verified) return untouched(keys, stored);
  const reasons = stored.map((entry) => renewReason(keys, reasonOf(entry)));
  const commitments = reasons.map(({ reasonCommitment }) => reasonCommitment);
  const rehashed = rehashChain(keys, { entries: stored.map(toEntry), head }, commitments);
  if (rehashed === null) return untouched(keys, stored);
  const replacements = stored.map(({ _id, hash }, index) => {
    const $set = { ...hashesOf(rehashed.entries[index]), ...textOf(reasons[index]) };
    return { update: 'customer_audit', filter: { _id, hash: bytesOf(hash) }, change: { $set } } as const;
  });
  const { hash: auditHead, seal: auditSeal } = rehashed;
  return { replacements, head: { auditHead, auditSeal }, keyUse: keyUseOf(keys), trouble: null };
};

const untouched = (keys: BusinessKeys, stored: readonly HistoryEntryDocument[]): RewrittenChain => {
  const named = stored.map(({ keyId }) => keyId);
  return { replacements: [], keyUse: keyUseWith(named, keys), trouble: verificationTrouble(keys, stored) };
};

const hashesOf = (entry: SealedHistoryEntry | undefined) =>
  entry === undefined ? {} : { keyId: entry.keyId, form: 2 as const, hash: Buffer.from(entry.hash) };

const textOf = (renewed: RenewedReason | undefined) => ({
  ...(renewed?.reason !== undefined && { reason: renewed.reason }),
  ...(renewed?.reasonCommitment && { reasonCommitment: Buffer.from(renewed.reasonCommitment) }),
});
