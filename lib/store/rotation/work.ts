import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import { businessKeys } from '#lib/privacy/business-keys.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { readChains, type Snapshot } from '#lib/store/chains.ts';
import type { LeanCustomer } from '#lib/store/customer-document.ts';
import { askedBy } from '#lib/store/isolation/asked-by.ts';
import { modelOf } from '#lib/store/models/models.ts';
import type { MergeDocument } from '#lib/store/models/merge.ts';
import type { AuditDocument, ErasureDocument } from '#lib/store/models/records.ts';
import { leansOnCurrentOnly } from './key-uses.ts';
import type { Outdated } from './outdated.ts';
import { rewriteCustomer, rewriteErasure, type Rewriting, type StoredCustomer } from './record-rewrite.ts';

/** What is to be done for one customer. */
export type Work = Rewriting & Readonly<{ customerId: string }>;

/** Reads a batch and works out how the current key writes it. */
export const workOn = async (
  batch: Outdated,
  ring: Keyring,
  snapshot: Snapshot<SystemScope>,
): Promise<Work[]> => {
  const keys = businessKeys(ring, batch.businessId);
  // Where only blind indexes are to be renewed, the history is as it should be.
  const chains = leansOnCurrentOnly(batch.use, ring) ? null : await readChains(batch, snapshot);
  return batch.collection === 'erasure'
    ? (await readErasures(batch, snapshot)).map((erasure) => ({
        customerId: erasure._id.toHexString(),
        ...rewriteErasure(erasure, chains?.get(erasure._id.toHexString()) ?? [], keys),
      }))
    : (await readCustomers(batch, chains, snapshot)).map((stored) => ({
        customerId: stored.link.customerId.toHexString(),
        ...rewriteCustomer(stored, keys),
      }));
};

const idsOf = ({ customerIds }: Outdated) => ({ $in: customerIds.map((id) => new Types.ObjectId(id)) });

const readErasures = async (
  batch: Outdated,
  { connection, session, scope }: Snapshot<SystemScope>,
): Promise<ErasureDocument[]> =>
  await modelOf(connection, 'erasure')
    .find({ keyUse: batch.use, businessId: new Types.ObjectId(batch.businessId), _id: idsOf(batch) })
    .session(session)
    .setOptions(askedBy(scope))
    .lean<ErasureDocument[]>();

const readCustomers = async (
  batch: Outdated,
  chains: ReadonlyMap<string, AuditDocument[]> | null,
  { connection, session, scope }: Snapshot<SystemScope>,
): Promise<StoredCustomer[]> => {
  const links = await modelOf(connection, 'customer_link')
    .find({ keyUse: batch.use, businessId: new Types.ObjectId(batch.businessId), customerId: idsOf(batch) })
    .select({ customerId: 1, version: 1, auditSeq: 1, auditHead: 1, bodyDigest: 1, keyUse: 1 })
    .session(session)
    .setOptions(askedBy(scope))
    .lean<StoredCustomer['link'][]>();
  // Somebody else came first to all of them.
  if (links.length === 0) return [];
  const customers = await modelOf(connection, 'customer')
    .find({ _id: { $in: links.map(({ customerId }) => customerId) } })
    .session(session)
    .setOptions(askedBy(scope))
    .lean<LeanCustomer[]>();
  const merges = await modelOf(connection, 'merge')
    .find({ _id: idsOf(batch), businessId: new Types.ObjectId(batch.businessId) })
    .session(session)
    .setOptions(askedBy(scope))
    .lean<MergeDocument[]>();
  const byId = new Map(customers.map((customer) => [customer._id.toHexString(), customer]));
  const mergeOf = new Map(merges.map((merge) => [merge._id.toHexString(), merge]));
  return links.map((link) => {
    const id = link.customerId.toHexString();
    return {
      link,
      customer: byId.get(id),
      merge: mergeOf.get(id),
      entries: chains === null ? null : (chains.get(id) ?? []),
    };
  });
};
