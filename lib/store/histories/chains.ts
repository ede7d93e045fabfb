import { type Connection, type mongo, Types } from 'mongoose';
import type { Scope } from '#lib/domain/access/scope.ts';
import type { HistoryEntry } from '#lib/domain/histories/history-entry.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { type SealedHistoryEntry, verifyChain } from '#lib/privacy/history-chain.ts';
import { type OpenedReason, openReason, type StoredReason } from '#lib/privacy/history-reason.ts';
import type { SealedHead } from '#lib/privacy/history-seal.ts';
import { bytesIn, bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import type { HistoryEntryDocument } from '#lib/store/collections/customer-audit.ts';

/** For reads in one snapshot. Otherwise a change between two reads would look like tampering. */
export type Snapshot<S extends Scope> = Readonly<{
  connection: Connection;
  session: mongo.ClientSession;
  scope: S;
}>;

/** The most entries in memory at once, unless a single customer has more. */
const MOST_ENTRIES = 2_000;

/** The first rows whose histories have at most 2,000 entries in total, but at least one row. */
export const limitEntries = <R extends { auditSeq: number }>(rows: readonly R[]): readonly R[] => {
  let entries = 0;
  const tooMany = rows.findIndex(({ auditSeq }, index) => (entries += auditSeq) > MOST_ENTRIES && index > 0);
  return tooMany === -1 ? rows : rows.slice(0, tooMany);
};

/** The histories of customers of one business, each oldest entry first. Customers without an entry are left out. */
export const readChains = async <S extends Scope>(
  { businessId, customerIds }: { businessId: string; customerIds: readonly string[] },
  { connection, session, scope }: Snapshot<S>,
): Promise<Map<string, HistoryEntryDocument[]>> => {
  const ids = customerIds.map((id) => new Types.ObjectId(id));
  const entries = await modelOf(connection, 'customer_audit')
    .find({ businessId: new Types.ObjectId(businessId), customerId: { $in: ids } })
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<HistoryEntryDocument[]>();
  const inOrder = entries.sort((one, other) => one.seq - other.seq);
  return Map.groupBy(inOrder, ({ customerId }) => customerId.toHexString());
};

/** The reason of a stored entry. */
export const reasonOf = ({ _id, form, reason, reasonCommitment }: HistoryEntryDocument): StoredReason => ({
  id: _id.toHexString(),
  form: form ?? 1,
  reason: reason === undefined ? null : bytesOf(reason),
  reasonCommitment: reasonCommitment === undefined ? null : bytesOf(reasonCommitment),
});

/** Turns a stored entry into the form that its hash is made of. */
export const toEntry = (stored: HistoryEntryDocument): SealedHistoryEntry => {
  const { _id, businessId, customerId, hash, form: _form, reason: _reason, ...entry } = stored;
  const { id, form, reasonCommitment } = reasonOf(stored);
  return {
    ...entry,
    businessId: businessId.toHexString(),
    customerId: customerId.toHexString(),
    id,
    form,
    reasonCommitment,
    hash: bytesOf(hash),
  };
};

/** A customer's history with its free texts in clear, and whether it is unaltered. */
export type OpenedChain = Readonly<{
  entries: readonly (HistoryEntry & Readonly<{ reason: string | null; isReasonBlanked: boolean }>)[];
  verified: boolean;
}>;

/** Whether reasons may be missing that the entries commit to. Only a purge blanks reasons. */
type Blanks = Readonly<{ mayBeBlanked: boolean }>;

/** An entry of a history with its free text in clear. */
export type OpenedEntry = OpenedChain['entries'][number];

/** Entries of a history with their free texts in clear. Malformed entries are left out, and so are texts that were altered. */
export const openEntries = (
  keys: BusinessKeys,
  stored: readonly HistoryEntryDocument[],
): readonly OpenedEntry[] =>
  stored.filter(isWellFormed).map((entry) => {
    const reason = reasonIn(keys, entry);
    return { ...toEntry(entry), reason: reason?.text ?? null, isReasonBlanked: reason?.isBlanked ?? false };
  });

/** Opens and verifies a customer's whole history, oldest entry first. Entries that are malformed are left out. */
export const openChain = (
  keys: BusinessKeys,
  { stored, head }: Readonly<{ stored: readonly HistoryEntryDocument[]; head: SealedHead }>,
  { mayBeBlanked }: Blanks,
): OpenedChain => {
  const wellFormed = stored.filter(isWellFormed);
  const reasons = wellFormed.map((entry) => reasonIn(keys, entry));
  const sealed = wellFormed.map(toEntry);
  const areReasonsWhole = reasons.every((reason) => reason !== null && (mayBeBlanked || !reason.isBlanked));
  return {
    entries: sealed.map((entry, index) => ({
      ...entry,
      reason: reasons[index]?.text ?? null,
      isReasonBlanked: reasons[index]?.isBlanked ?? false,
    })),
    verified: wellFormed.length === stored.length && areReasonsWhole && verifyChain(keys, sealed, head),
  };
};

/** Whether entries of a history are still in the form of an earlier version, which proves less. */
export const hasFormerEntries = (stored: readonly HistoryEntryDocument[]): boolean =>
  stored.some(({ form }) => form !== 2);

/** Why a history does not verify: it was altered, or the keyring does not have a key that it names. */
export const verificationTrouble = (
  keys: BusinessKeys,
  stored: readonly HistoryEntryDocument[],
): 'broken-history' | 'key-missing' =>
  stored.every(({ keyId }) => keys.has(keyId)) ? 'broken-history' : 'key-missing';

/** The reason of an entry; null when it was altered. One altered text must not make the others unreadable. */
const reasonIn = (keys: BusinessKeys, entry: HistoryEntryDocument): OpenedReason | null => {
  try {
    return openReason(keys, reasonOf(entry));
  } catch {
    return null;
  }
};

const isBytesOrAbsent = (value: unknown): boolean => value === undefined || bytesIn(value) !== null;
const isTextOrNone = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === 'string';

/** Whether the fields of an entry have their types. Lean reads return what is stored, also what others wrote there. */
const isWellFormed = (entry: HistoryEntryDocument): boolean =>
  [entry._id, entry.businessId, entry.customerId].every((id: unknown) => id instanceof Types.ObjectId) &&
  [entry.actor, entry.purpose, entry.requestId, entry.action, entry.keyId].every(
    (text: unknown) => typeof text === 'string',
  ) &&
  [entry.role, entry.from, entry.to].every(isTextOrNone) &&
  [entry.reason, entry.reasonCommitment].every(isBytesOrAbsent) &&
  [undefined, 2].includes(entry.form) &&
  Number.isInteger(entry.seq) &&
  isDate(entry.at) &&
  isListOfTexts(entry.fields) &&
  bytesIn(entry.hash) !== null;

const isDate = (value: unknown): boolean => value instanceof Date && !Number.isNaN(value.getTime());
const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');
