import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { AuditEntry } from '#lib/domain/audit-entry.ts';
import type { CustomerState } from '#lib/domain/customer-state.ts';
import { auditHash } from '#lib/privacy/audit-chain.ts';
import { sealText } from '#lib/privacy/field-cipher.ts';
import { bytesOf } from './bytes.ts';
import { openChain } from './chains.ts';
import { Conflict } from './conflict.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { keysOf, learnKeys } from './keys.ts';
import { modelOf } from './models/models.ts';
import type { AuditDocument } from './models/records.ts';
import { stage } from './unit-of-work.ts';

/** What happened, for the audit: names of fields, never values. */
export type Happening = Readonly<{
  customerId: string;
  /** The use case, as `create-customer`. */
  action: string;
  at: Date;
  fields: readonly string[];
  from?: CustomerState;
  to?: CustomerState;
  reason?: string;
}>;

/** The newest entry of a customer's chain. */
export type ChainHead = Readonly<{ seq: number; hash: Buffer | null }>;

/** Stages the next entry of a customer's chain and answers the new head, which the link must carry. */
export const recordInAudit = async (
  scope: BusinessScope,
  happening: Happening,
  head: ChainHead,
): Promise<{ auditSeq: number; auditHead: Buffer }> => {
  const keys = await keysOf(scope);
  const { customerId, action, at, fields, from, to, reason } = happening;
  const entry: AuditEntry = {
    seq: head.seq + 1,
    at,
    businessId: scope.businessId,
    customerId,
    actor: scope.actorId,
    role: scope.role,
    purpose: scope.purpose,
    requestId: scope.requestId,
    action,
    fields,
    keyId: keys.currentKeyId,
    from: from ?? null,
    to: to ?? null,
  };
  const hash = auditHash(keys, entry, head.hash);
  const _id = new Types.ObjectId();
  const document = {
    ...entry,
    _id,
    businessId: new Types.ObjectId(scope.businessId),
    customerId: new Types.ObjectId(customerId),
    fields: [...fields],
    hash,
    ...(reason !== undefined && {
      reason: sealText(keys, { collection: 'customer_audit', id: _id.toHexString() }, reason),
    }),
  };
  // The number after the head can only be taken by a change that came first.
  const onDuplicate = () => Promise.resolve(new Conflict('Another change was recorded first.'));
  stage(scope, { insertInto: 'customer_audit', document }, onDuplicate);
  return { auditSeq: entry.seq, auditHead: hash };
};

/** A customer's whole audit, oldest first, and whether it is as it was written. */
export type History = Readonly<{
  entries: readonly (AuditEntry & { reason: string | null })[];
  verified: boolean;
}>;

/** Reads and verifies the audit of a customer of the caller's business; null when the business has no such customer. */
export const readHistory = async (customerId: string, scope: BusinessScope): Promise<History | null> => {
  for (let headBefore: Buffer | undefined; ;) {
    const found = await readChain(customerId, scope);
    if (found === null) return null;
    const { head, ...history } = found;
    // A re-encryption between its two reads gives a chain other hashes: broken is what is so twice under one head.
    if (history.verified || headBefore?.equals(head) === true) return history;
    headBefore = head;
  }
};

const readChain = async (
  customerId: string,
  scope: BusinessScope,
): Promise<(History & { head: Buffer }) | null> => {
  const keys = await keysOf(scope);
  const connection = await connect();
  const place = {
    businessId: new Types.ObjectId(scope.businessId),
    customerId: new Types.ObjectId(customerId),
  };
  const link = await modelOf(connection, 'customer_link')
    .findOne(place)
    .select({ _id: 0, auditSeq: 1, auditHead: 1 })
    .setOptions(askedBy(scope))
    .lean();
  if (link === null) return null;
  // An entry that a change adds between the two reads is newer than the head that was read.
  const stored = await modelOf(connection, 'customer_audit')
    .find({ ...place, seq: { $lte: link.auditSeq } })
    .sort({ seq: 1 })
    .setOptions(askedBy(scope))
    .lean<AuditDocument[]>();
  await learnKeys(
    scope,
    stored.map(({ keyId }) => keyId),
  );
  const head = bytesOf(link.auditHead);
  return { head, ...openChain(keys, stored, { seq: link.auditSeq, hash: head }) };
};
