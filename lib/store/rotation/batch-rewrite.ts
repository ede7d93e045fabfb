import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { businessKeys } from '#lib/privacy/business-keys.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { readChains, type Snapshot } from '#lib/store/histories/chains.ts';
import type { LeanCustomer } from '#lib/store/customers/document.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import type { ArchiveDocument } from '#lib/store/collections/archive.ts';
import type { MergeDocument } from '#lib/store/collections/merge.ts';
import type { HistoryEntryDocument } from '#lib/store/collections/customer-audit.ts';
import type { ErasureDocument } from '#lib/store/collections/erasure.ts';
import { isCurrent } from './key-uses.ts';
import { findLosers } from './losers.ts';
import type { Outdated } from './outdated.ts';
import type { ClaimedField } from './keyed-rewrite.ts';
import {
  rewriteCustomer,
  rewriteErasure,
  type RecordRewrite,
  type OutdatedCustomer,
} from './record-rewrite.ts';

/** The writes for one customer. */
export type CustomerRewrite = RecordRewrite & Readonly<{ customerId: string }>;

/** The customers to rewrite, and which fields of losers their survivors leave to other customers that have them now. */
export type Batch = Outdated & Readonly<{ leftToOthers?: readonly ClaimedField[] }>;

/** Reads a batch and works out the writes that rewrite it with the current key. */
export const planRewrites = async (
  batch: Batch,
  ring: Keyring,
  snapshot: Snapshot<SystemScope>,
): Promise<CustomerRewrite[]> => {
  const keys = businessKeys(ring, batch.businessId);
  // When only blind indexes have to be renewed, the histories stay as they are.
  const chains = isCurrent(batch.use, ring) ? null : await readChains(batch, snapshot);
  const country = chains === null ? null : await countryOf(batch, snapshot);
  return batch.collection === 'erasure'
    ? (await readErasures(batch, snapshot)).map((erasure) => ({
        customerId: erasure._id.toHexString(),
        ...rewriteErasure(erasure, chains?.get(erasure._id.toHexString()) ?? [], keys),
      }))
    : (await readCustomers(batch, chains, snapshot)).map((stored) => ({
        customerId: stored.link.customerId.toHexString(),
        ...rewriteCustomer({ ...stored, country, leftToOthers: batch.leftToOthers ?? [] }, keys),
      }));
};

const countryOf = async (
  { businessId }: Outdated,
  { connection, session, scope }: Snapshot<SystemScope>,
): Promise<string> => {
  const settings = await modelOf(connection, 'business_settings')
    .findById(new Types.ObjectId(businessId))
    .select({ defaultCountry: 1 })
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<{ defaultCountry?: string }>();
  return settings?.defaultCountry ?? DEFAULT_SETTINGS.defaultCountry;
};

/** The fields of a link that its rewriting reads. */
const REWRITTEN = {
  businessId: 1,
  customerId: 1,
  state: 1,
  version: 1,
  auditSeq: 1,
  auditHead: 1,
  auditSeal: 1,
  bodyDigest: 1,
  holdReason: 1,
  preferences: 1,
  absorbed: 1,
  keyUse: 1,
} as const;

const idsOf = ({ customerIds }: Outdated) => ({ $in: customerIds.map((id) => new Types.ObjectId(id)) });

const readErasures = async (
  batch: Outdated,
  { connection, session, scope }: Snapshot<SystemScope>,
): Promise<ErasureDocument[]> =>
  await modelOf(connection, 'erasure')
    .find({ keyUse: batch.use, businessId: new Types.ObjectId(batch.businessId), _id: idsOf(batch) })
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<ErasureDocument[]>();

const readCustomers = async (
  batch: Outdated,
  chains: ReadonlyMap<string, HistoryEntryDocument[]> | null,
  { connection, session, scope }: Snapshot<SystemScope>,
): Promise<Omit<OutdatedCustomer, 'country' | 'leftToOthers'>[]> => {
  const links = await modelOf(connection, 'customer_link')
    .find({ keyUse: batch.use, businessId: new Types.ObjectId(batch.businessId), customerId: idsOf(batch) })
    .select(REWRITTEN)
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<OutdatedCustomer['link'][]>();
  // Other writes have changed all of them since.
  if (links.length === 0) return [];
  const ids = links.map(({ customerId }) => customerId);
  const losersOf = await findLosers(batch.businessId, ids, { connection, session, scope });
  const customers = await modelOf(connection, 'customer')
    .find({ _id: { $in: [...ids, ...[...losersOf.values()].flat()] } })
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<LeanCustomer[]>();
  const merges = await modelOf(connection, 'merge')
    .find({ _id: idsOf(batch), businessId: new Types.ObjectId(batch.businessId) })
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<MergeDocument[]>();
  const archives = await modelOf(connection, 'archive')
    .find({ _id: idsOf(batch), businessId: new Types.ObjectId(batch.businessId) })
    .session(session)
    .setOptions(queryOptions(scope))
    .lean<ArchiveDocument[]>();
  const archiveOf = new Map(archives.map((archive) => [archive._id.toHexString(), archive]));
  const byId = new Map(customers.map((customer) => [customer._id.toHexString(), customer]));
  const mergeOf = new Map(merges.map((merge) => [merge._id.toHexString(), merge]));
  return links.map((link) => {
    const id = link.customerId.toHexString();
    return {
      link,
      customer: byId.get(id),
      losers: (losersOf.get(id) ?? []).flatMap((loserId) => byId.get(loserId.toHexString()) ?? []),
      merge: mergeOf.get(id),
      archived: archiveOf.get(id),
      entries: chains === null ? null : (chains.get(id) ?? []),
    };
  });
};
