import { type Connection, type mongo, Types } from 'mongoose';
import type { Scope } from '#lib/domain/actor.ts';
import type { AuditEntry } from '#lib/domain/audit-entry.ts';
import { type AuditHead, type SealedAuditEntry, verifyChain } from '#lib/privacy/audit-chain.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { openText } from '#lib/privacy/field-cipher.ts';
import { bytesOf } from './bytes.ts';
import { askedBy } from './isolation/asked-by.ts';
import { modelOf } from './models/models.ts';
import type { AuditDocument } from './models/records.ts';

/** Reads in one snapshot: what a live change does between two reads must not look like tampering. */
export type Snapshot<S extends Scope> = Readonly<{
  connection: Connection;
  session: mongo.ClientSession;
  scope: S;
}>;

/** So many entries of the audit at most are held at once, unless one customer alone has more. */
const MOST_ENTRIES = 2_000;

/** The first rows whose audits together are small enough; one at least. */
export const withFewEntries = <R extends { auditSeq: number }>(rows: readonly R[]): readonly R[] => {
  let entries = 0;
  const tooMany = rows.findIndex(({ auditSeq }, index) => (entries += auditSeq) > MOST_ENTRIES && index > 0);
  return tooMany === -1 ? rows : rows.slice(0, tooMany);
};

/** The audits of customers of one business, each oldest entry first; one without any entry is not there. */
export const readChains = async <S extends Scope>(
  { businessId, customerIds }: { businessId: string; customerIds: readonly string[] },
  { connection, session, scope }: Snapshot<S>,
): Promise<Map<string, AuditDocument[]>> => {
  const ids = customerIds.map((id) => new Types.ObjectId(id));
  const entries = await modelOf(connection, 'customer_audit')
    .find({ businessId: new Types.ObjectId(businessId), customerId: { $in: ids } })
    .session(session)
    .setOptions(askedBy(scope))
    .lean<AuditDocument[]>();
  const inOrder = entries.sort((one, other) => one.seq - other.seq);
  return Map.groupBy(inOrder, ({ customerId }) => customerId.toHexString());
};

/** A stored entry as its hash was made of it. */
export const toEntry = ({ hash, businessId, customerId, ...entry }: AuditDocument) => ({
  ...entry,
  businessId: businessId.toHexString(),
  customerId: customerId.toHexString(),
  hash: bytesOf(hash),
});

/** A customer's audit with its free texts in clear, and whether all of it is as it was written. */
export type OpenedChain = Readonly<{
  entries: readonly (AuditEntry & SealedAuditEntry & { reason: string | null })[];
  verified: boolean;
}>;

/** Opens and verifies a customer's whole audit, oldest entry first. */
export const openChain = (
  keys: BusinessKeys,
  stored: readonly AuditDocument[],
  head: AuditHead,
): OpenedChain => {
  const reasons = stored.map((entry) => openReason(keys, entry));
  const entries = stored.map((entry, index) => ({ ...toEntry(entry), reason: reasons[index] ?? null }));
  return { entries, verified: !reasons.includes(undefined) && verifyChain(keys, entries, head) };
};

/** Why an audit does not verify: it was altered, or it names a key that the keyring does not have. */
export const troubleOf = (
  keys: BusinessKeys,
  stored: readonly AuditDocument[],
): 'broken-history' | 'key-missing' =>
  stored.every(({ keyId }) => keys.has(keyId)) ? 'broken-history' : 'key-missing';

/** The free text of an entry, null without one; undefined when it is not what was sealed there. */
const openReason = (
  keys: BusinessKeys,
  { _id, reason }: Pick<AuditDocument, '_id' | 'reason'>,
): string | null | undefined => {
  if (reason === undefined) return null;
  try {
    return openText(keys, { collection: 'customer_audit', id: _id.toHexString() }, bytesOf(reason));
  } catch {
    // One altered text must not hide the rest of the history from who has to read it.
    return undefined;
  }
};
