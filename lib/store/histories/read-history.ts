import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { HistoryEntryDocument } from '#lib/store/collections/customer-audit.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { keysOf, ensureKeys } from '#lib/store/keys/request-keys.ts';
import { openChain, type OpenedChain } from './chains.ts';
import { toHead } from './stored-head.ts';

/** A customer's whole history, oldest entry first, and whether it is unaltered. */
export type History = OpenedChain;

/** Reads and verifies the history of a customer of the caller's business; null when it has no customer with this id. */
export const readHistory = async (customerId: string, scope: BusinessScope): Promise<History | null> => {
  for (let hashBefore: Buffer | undefined; ;) {
    const found = await readChain(customerId, scope);
    if (found === null) return null;
    const { hash, ...history } = found;
    // A re-encryption between the two reads changes the hashes. A history is broken if it fails twice with the same head.
    if (history.verified || hashBefore?.equals(hash) === true) return history;
    hashBefore = hash;
  }
};

const readChain = async (
  customerId: string,
  scope: BusinessScope,
): Promise<(History & { hash: Buffer }) | null> => {
  const keys = await keysOf(scope);
  const connection = await connect();
  const place = {
    businessId: new Types.ObjectId(scope.businessId),
    customerId: new Types.ObjectId(customerId),
  };
  const link = await modelOf(connection, 'customer_link')
    .findOne(place)
    .select({ _id: 0, auditSeq: 1, auditHead: 1, auditSeal: 1, state: 1, version: 1 })
    .setOptions(queryOptions(scope))
    .lean();
  if (link === null) return null;
  // Leaves out entries that a change has added since the head was read. A link that was tampered with hides none.
  const newest = Number.isInteger(link.auditSeq) ? link.auditSeq : Number.MAX_SAFE_INTEGER;
  const stored = await modelOf(connection, 'customer_audit')
    .find({ ...place, seq: { $lte: newest } })
    .sort({ seq: 1 })
    .setOptions(queryOptions(scope))
    .lean<HistoryEntryDocument[]>();
  await ensureKeys(
    scope,
    stored.map(({ keyId }) => keyId),
  );
  const { state, version } = link;
  const ids = { businessId: scope.businessId, customerId: place.customerId.toHexString() };
  const head = toHead({ ...ids, state, version }, link);
  // Only a purge blanks reasons, and a purged customer has no link.
  return { hash: Buffer.from(head.hash), ...openChain(keys, { stored, head }, { mayBeBlanked: false }) };
};
