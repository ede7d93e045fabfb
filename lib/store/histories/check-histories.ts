import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { businessKeys } from '#lib/privacy/business-keys.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { readSeal, type SealedHead } from '#lib/privacy/history-seal.ts';
import type { HistoryEntryDocument } from '#lib/store/collections/customer-audit.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import {
  hasFormerEntries,
  limitEntries,
  openChain,
  readChains,
  type Snapshot,
  verificationTrouble,
} from './chains.ts';
import { headOfErasure, headOfLink, type StoredErasure } from './stored-head.ts';
import { connect } from '#lib/store/database/connection.ts';
import { FIRST_ID } from '#lib/store/collections/first-id.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { readKeyringNow } from '#lib/store/keys/request-keys.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { inTransaction } from '#lib/store/database/transaction.ts';

/** A customer of a business, which may have been purged. */
export type Place = Readonly<{ businessId: string; customerId: string }>;

/**
 * A customer whose history does not verify. `customer-missing`: there is a history, but neither a link nor an erasure
 * record that holds its head.
 */
export type Flawed = Place & Readonly<{ trouble: 'broken-history' | 'key-missing' | 'customer-missing' }>;

/** A history that was checked, with its head. The head is null while an earlier version wrote the newest entry. */
export type CheckedHistory = Place &
  Readonly<{ number: number; head: string | null; keyIds: readonly string[] }>;

/** The result for one batch of histories of one business. The walk continues after `last`. */
export type Checked = Readonly<{
  last: Place;
  histories: readonly CheckedHistory[];
  /** How many of them are not in the current form yet. */
  former: number;
  flawed: readonly Flawed[];
}>;

export type Walk = Readonly<{
  /** Absent: every business. */
  businessId?: string | undefined;
  after?: Place | undefined;
  /** The most histories in one batch. */
  size: number;
}>;

const BEFORE_ALL = FIRST_ID.toHexString();

/** The place after which a walk starts. */
export const startOf = ({ businessId, after }: Pick<Walk, 'businessId' | 'after'>): Place =>
  after ?? { businessId: businessId ?? BEFORE_ALL, customerId: BEFORE_ALL };

/**
 * Verifies the histories of all customers of a business, or of every business, in order of ids. Includes purged customers:
 * the heads of their histories are kept in erasure records.
 */
export async function* checkHistories(
  { businessId, after, size }: Walk,
  scope: SystemScope,
): AsyncGenerator<Checked> {
  let last = startOf({ businessId, after });
  for (;;) {
    const batch = await checkBatch(last, size, scope);
    if (batch !== null) {
      yield batch;
      last = batch.last;
      continue;
    }
    const next = businessId === undefined ? await businessAfter(last.businessId, scope) : null;
    if (next === null) return;
    last = { businessId: next, customerId: BEFORE_ALL };
  }
}

/** The next business that has or had customers, or a history without one. */
const businessAfter = async (businessId: string, scope: SystemScope): Promise<string | null> => {
  const connection = await connect();
  const found: string[] = [];
  for (const collection of ['customer_link', 'erasure', 'customer_audit'] as const) {
    const [next] = await modelOf(connection, collection)
      .find({ businessId: { $gt: new Types.ObjectId(businessId) } })
      .sort({ businessId: 1 })
      .limit(1)
      .select({ _id: 0, businessId: 1 })
      .setOptions(queryOptions(scope))
      .lean<{ businessId: Types.ObjectId }[]>();
    if (next !== undefined) found.push(next.businessId.toHexString());
  }
  return found.sort()[0] ?? null;
};

const checkBatch = async (after: Place, size: number, scope: SystemScope): Promise<Checked | null> => {
  const connection = await connect();
  const { businessId } = after;
  const read = await inTransaction(connection, scope, async (session) => {
    // A scope for each batch: the links read for one batch give no access in the next.
    const snapshot = { connection, session, scope: scope.again() };
    const heads = await headsAfter(after, size, snapshot);
    const customerIds = [...new Set(heads.map(({ customerId }) => customerId))];
    const orphans = await orphansAmong(after, { customerIds, size }, snapshot);
    const isEmpty = heads.length === 0;
    const chains = isEmpty ? null : await readChains({ businessId, customerIds }, snapshot);
    return { heads, orphans, chains };
  });
  const end = read.heads.at(-1)?.customerId ?? read.orphans.at(-1);
  if (end === undefined) return null;
  // Read after the histories, so it has every key that they were made with.
  const keys = businessKeys(await readKeyringNow(), businessId);
  const found = read.heads.map((head) => ({ head, stored: read.chains?.get(head.customerId) ?? [] }));
  return {
    last: { businessId, customerId: end },
    histories: found.map(({ head }) => checkedHistory(head)),
    former: found.filter(({ stored }) => hasFormerEntries(stored)).length,
    flawed: [
      ...found.flatMap((one) => flawIn(keys, one)),
      ...read.orphans.map((customerId) => ({ businessId, customerId, trouble: 'customer-missing' as const })),
    ],
  };
};

/** The head of a history, as a link or an erasure record holds it. */
type Head = SealedHead & Readonly<{ isErased: boolean }>;

const flawIn = (
  keys: BusinessKeys,
  { head, stored }: Readonly<{ head: Head; stored: readonly HistoryEntryDocument[] }>,
): Flawed[] => {
  const { businessId, customerId, isErased } = head;
  if (openChain(keys, { stored, head }, { mayBeBlanked: isErased }).verified) return [];
  return [{ businessId, customerId, trouble: verificationTrouble(keys, stored) }];
};

const checkedHistory = ({ businessId, customerId, seq, seal }: Head): CheckedHistory => {
  const { keyIds = [], mac } = readSeal(seal) ?? {};
  return { businessId, customerId, number: seq, head: mac?.toString('hex') ?? null, keyIds };
};

/** The heads of the histories of the next customers, from links and from erasure records. */
const headsAfter = async (
  { businessId, customerId }: Place,
  size: number,
  { connection, session, scope }: Snapshot<SystemScope>,
): Promise<readonly Head[]> => {
  const after = { $gt: new Types.ObjectId(customerId) };
  const links = await modelOf(connection, 'customer_link')
    .find({ businessId: new Types.ObjectId(businessId), customerId: after })
    .sort({ customerId: 1 })
    .limit(size)
    .select({ customerId: 1, state: 1, version: 1, auditSeq: 1, auditHead: 1, auditSeal: 1 })
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<CustomerLinkDocument[]>();
  const erasures = await modelOf(connection, 'erasure')
    .find({ businessId: new Types.ObjectId(businessId), _id: after })
    .sort({ _id: 1 })
    .limit(size)
    .select({ businessId: 1, version: 1, auditSeq: 1, auditHead: 1, auditSeal: 1 })
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<StoredErasure[]>();
  const inOrder = [
    ...links.map((link) => ({ ...headOfLink(businessId, link), isErased: false })),
    ...erasures.map((erasure) => ({ ...headOfErasure(erasure), isErased: true })),
  ].sort((one, other) => (one.customerId < other.customerId ? -1 : 1));
  const rows = inOrder.slice(0, size).map(({ customerId: id, seq }) => ({ id, auditSeq: seq }));
  const end = limitEntries(rows).at(-1)?.id ?? '';
  // A customer restored from a backup has a link and an erasure record. Both must be in the same batch.
  return inOrder.filter((head) => head.customerId <= end);
};

/**
 * The customers that have a history and no head, because their link or erasure record was deleted: those between the
 * heads of a batch. Without a head, the next ones after the last head.
 */
const orphansAmong = async (
  { businessId, customerId }: Place,
  { customerIds, size }: Readonly<{ customerIds: readonly string[]; size: number }>,
  { connection, session, scope }: Snapshot<SystemScope>,
): Promise<readonly string[]> => {
  const ids = customerIds.map((id) => new Types.ObjectId(id));
  const end = ids.at(-1);
  const orphans = new Set<string>();
  for (let last = new Types.ObjectId(customerId); ;) {
    const entries = await modelOf(connection, 'customer_audit')
      .find({
        businessId: new Types.ObjectId(businessId),
        customerId: { $gt: last, $nin: ids, ...(end !== undefined && { $lt: end }) },
      })
      .sort({ customerId: 1 })
      .limit(size)
      .select({ _id: 0, customerId: 1 })
      .session(session)
      .setOptions(queryOptions(scope))
      .lean<{ customerId: Types.ObjectId }[]>();
    for (const entry of entries) orphans.add(entry.customerId.toHexString());
    last = entries.at(-1)?.customerId ?? last;
    if (end === undefined || entries.length < size) return [...orphans];
  }
};
