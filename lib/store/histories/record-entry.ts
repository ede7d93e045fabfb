import { Types } from 'mongoose';
import type { Role, Scope } from '#lib/domain/access/scope.ts';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';
import type { HistoryEntry } from '#lib/domain/histories/history-entry.ts';
import type { HistoryExtension } from '#lib/domain/histories/history-extension.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { historyHash } from '#lib/privacy/history-chain.ts';
import { sealReason } from '#lib/privacy/history-reason.ts';
import { isSealed, readSeal, type SealedHead, sealHead, UNSEALED_KEYS } from '#lib/privacy/history-seal.ts';
import type { HistoryEntryDocument } from '#lib/store/collections/customer-audit.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { noteExtension, stage } from '#lib/store/database/unit-of-work.ts';

/** An entry to add to a customer's history: names of fields, never values. */
export type NewEntry = Readonly<{
  customerId: string;
  /** The use case, for example `create-customer`. */
  action: string;
  at: Date;
  fields: readonly string[];
  from?: CustomerState;
  to?: CustomerState;
  reason?: string;
}>;

/** The head of a customer's history before a change, as it was read; null for a new customer. */
export type HeadBefore = SealedHead | null;

/** The state and version of the customer that the request writes. */
type Written = Readonly<{ state: CustomerState; version: number }>;

/** In which business something is done, by whom and what for. The scope of a request is one; a task of the system has no role. */
export type Author = Readonly<{
  businessId: string;
  actorId: string;
  role: Role | null;
  purpose: string;
  requestId: string;
}>;

/** On whose behalf an entry is made, and with which keys. */
type Signing = Readonly<{ by: Author; keys: BusinessKeys }>;

/** The attempt that writes. */
type Writer = Signing & Readonly<{ scope: Scope }>;

/** The fields of the link that hold the head of the history. */
export type LinkHead = Required<Pick<CustomerLinkDocument, 'auditSeq' | 'auditHead' | 'auditSeal'>>;

/**
 * Stages the next entry of a customer's history. Returns the new head, which the caller must store in the link together
 * with this state and version.
 * @throws UnknownKey when the ring does not have the key that sealed the head
 */
export const recordEntry = (
  written: Readonly<{ newEntry: NewEntry; after: Written }>,
  before: HeadBefore,
  { scope, by, keys }: Writer,
): LinkHead => {
  const { document, head } = nextInChain(written, before, { by, keys });
  // A duplicate means that another change was saved first and has this number.
  const onDuplicate = () => Promise.resolve(new Conflict('Another change of this customer was saved first.'));
  stage(scope, { insertInto: 'customer_audit', document }, onDuplicate);
  noteExtension(scope, extensionOf(written.newEntry.customerId, head.auditSeq, head.auditSeal));
  return head;
};

/**
 * Makes the next entry of a customer's history, and the new head. A head that was not found sealed does not stop the change,
 * but the entry says so: unless an earlier version wrote the entry before, the history never verifies again.
 * @throws UnknownKey when the ring does not have the key that sealed the head
 */
export const nextInChain = (
  { newEntry, after }: Readonly<{ newEntry: NewEntry; after: Written }>,
  before: HeadBefore,
  { by, keys }: Signing,
): Readonly<{ document: HistoryEntryDocument; head: LinkHead & Readonly<{ auditSeal: Buffer }> }> => {
  const previous = before === null ? null : { hash: before.hash, isSealed: isSealed(keys, before) };
  const _id = new Types.ObjectId();
  const id = _id.toHexString();
  const { reason: text } = newEntry;
  const reason = text === undefined ? null : sealReason(keys, id, text);
  const entry = nextEntry(newEntry, before?.seq ?? 0, { by, keys });
  const reasonCommitment = reason?.reasonCommitment ?? null;
  const hash = historyHash(keys, { ...entry, id, form: 2, reasonCommitment }, previous);
  const { businessId, customerId, seq } = entry;
  const document: HistoryEntryDocument = {
    ...entry,
    _id,
    businessId: new Types.ObjectId(businessId),
    customerId: new Types.ObjectId(customerId),
    fields: [...entry.fields],
    form: 2,
    hash,
    ...reason,
  };
  const olderKeyIds = previous === null ? [] : keyIdsOf(before, previous.isSealed);
  const auditSeal = sealHead(keys, { businessId, customerId, seq, hash, ...after }, olderKeyIds);
  return { document, head: { auditSeq: seq, auditHead: hash, auditSeal } };
};

/** The keys that the earlier entries need, as far as the head can be trusted with them. */
const keyIdsOf = (before: HeadBefore, isTrusted: boolean): readonly string[] =>
  (isTrusted ? readSeal(before?.seal ?? null)?.keyIds : undefined) ?? [UNSEALED_KEYS];

const extensionOf = (customerId: string, number: number, seal: Buffer): HistoryExtension => {
  const { keyIds = [], mac } = readSeal(seal) ?? {};
  return { customerId, number, head: mac?.toString('hex') ?? '', keyIds };
};

const nextEntry = (
  { customerId, action, at, fields, from, to }: NewEntry,
  lastSeq: number,
  { by, keys }: Signing,
): HistoryEntry => ({
  seq: lastSeq + 1,
  at,
  businessId: by.businessId,
  customerId,
  actor: by.actorId,
  role: by.role,
  purpose: by.purpose,
  requestId: by.requestId,
  action,
  fields,
  keyId: keys.currentKeyId,
  from: from ?? null,
  to: to ?? null,
});
