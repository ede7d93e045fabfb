import { timingSafeEqual } from 'node:crypto';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';
import type { HistoryEntry } from '#lib/domain/histories/history-entry.ts';
import type { BusinessKeys } from './business-keys.ts';
import type { EntryForm } from './history-reason.ts';
import { isSealed, readSeal, sealHead, type SealedHead } from './history-seal.ts';
import { keyedHashBy } from './keyed-hash.ts';

/** An entry with everything that its hash covers. */
export type HashedEntry = HistoryEntry &
  Readonly<{
    id: string;
    /** Form 1, of an earlier version, covers neither `id` nor `reasonCommitment`. */
    form: EntryForm;
    reasonCommitment: Uint8Array | null;
  }>;

/** An entry as it is stored, with a hash that covers the entry and the hash before it. */
export type SealedHistoryEntry = HashedEntry & Readonly<{ hash: Uint8Array }>;

/** The entry before, and whether the head of the history was found sealed when the next entry was added to it. */
export type PreviousEntry = Readonly<{ hash: Uint8Array; isSealed: boolean }>;

const hexOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('hex');

/** What an entry says, in an order that must never change. */
const factsOf = (entry: HistoryEntry): readonly unknown[] => [
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
];

/** The text of an entry that is hashed: a JSON array. The two forms have no text in common. */
const canonical = (entry: HashedEntry, previous: PreviousEntry | null): string => {
  const before = hexOf(previous?.hash ?? null);
  if (entry.form === 1) return JSON.stringify([before, ...factsOf(entry)]);
  const link = previous?.isSealed === false ? `unsealed:${String(before)}` : before;
  return JSON.stringify([
    'history-entry/2',
    link,
    entry.id,
    hexOf(entry.reasonCommitment),
    ...factsOf(entry),
  ]);
};

/**
 * HMAC-SHA-256 over an entry and the hash before it (null for the first), with the key that the entry names.
 * @throws UnknownKey when the ring does not have that key
 */
export const historyHash = (keys: BusinessKeys, entry: HashedEntry, previous: PreviousEntry | null): Buffer =>
  keyedHashBy(keys, { purpose: 'audit', keyId: entry.keyId }, canonical(entry, previous));

const isEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

/**
 * The previous entry as an honest writer saw it. An earlier version leaves the head unsealed, so an entry that follows
 * one of its entries says so in its hash. After any other entry this would mean that the head was tampered with.
 */
const previousOf = (before: SealedHistoryEntry | undefined): PreviousEntry | null =>
  before === undefined ? null : { hash: before.hash, isSealed: before.form === 2 };

const follows = (
  keys: BusinessKeys,
  entry: SealedHistoryEntry,
  before: SealedHistoryEntry | undefined,
): boolean => keys.has(entry.keyId) && isEqual(entry.hash, historyHash(keys, entry, previousOf(before)));

/** The state that the newest entry with a transition led to. */
const lastStateOf = (entries: readonly HistoryEntry[]): CustomerState | undefined =>
  entries.findLast(({ to }) => to !== null)?.to ?? undefined;

/** The last entry and its seal name the same key, which the ring has. */
const isHeadSealed = (keys: BusinessKeys, { keyId }: HistoryEntry, head: SealedHead): boolean =>
  readSeal(head.seal)?.keyIds[0] === keyId && keys.has(keyId) && isSealed(keys, head);

/**
 * Whether the whole history of a customer, oldest entry first, is as it was written: nothing edited, removed, swapped,
 * added or cut off, and its head is the one that was sealed with the last entry. A history always has an entry. Setting
 * the entries **and** the head back to an older state of both cannot be detected.
 */
export const verifyChain = (
  keys: BusinessKeys,
  entries: readonly SealedHistoryEntry[],
  head: SealedHead,
): boolean => {
  const last = entries.at(-1);
  return (
    last?.seq === head.seq &&
    isEqual(last.hash, head.hash) &&
    lastStateOf(entries) === head.state &&
    (last.form === 1 || isHeadSealed(keys, last, head)) &&
    entries.every((entry, index) => follows(keys, entry, entries[index - 1]))
  );
};

/** A history that was hashed again, and the hash and seal of its head. */
export type RehashedChain = Readonly<{ entries: readonly SealedHistoryEntry[]; hash: Buffer; seal: Buffer }>;

/**
 * The same chain hashed with the current key and in form 2, oldest entry first. Null when it is not as it was written: a
 * new hash must not make a changed history look valid.
 * @param commitments to the reasons of the entries, as they will be stored
 */
export const rehashChain = (
  keys: BusinessKeys,
  { entries, head }: Readonly<{ entries: readonly SealedHistoryEntry[]; head: SealedHead }>,
  commitments: readonly (Uint8Array | null)[],
): RehashedChain | null => {
  if (!verifyChain(keys, entries, head)) return null;
  const rehashed: SealedHistoryEntry[] = [];
  let last: Buffer = Buffer.alloc(0);
  for (const [index, { hash: _former, ...entry }] of entries.entries()) {
    const reasonCommitment = commitments[index] ?? null;
    const current = { ...entry, form: 2, keyId: keys.currentKeyId, reasonCommitment } as const;
    last = historyHash(keys, current, previousOf(rehashed.at(-1)));
    rehashed.push({ ...current, hash: last });
  }
  return { entries: rehashed, hash: last, seal: sealHead(keys, { ...head, hash: last }) };
};
