import type { Customer } from '#lib/domain/customers/customer.ts';
import { internationalPhone } from '#lib/domain/spelling/phone.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { needsResealing } from '#lib/privacy/field-cipher.ts';
import { keyUseOf } from '#lib/privacy/key-use.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import { resealBodyDigest } from '#lib/store/customers/body-digest.ts';
import type { Write } from '#lib/store/database/write.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { type LeanCustomer, resealedFields, toCustomer } from '#lib/store/customers/document.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { headOfErasure, headOfLink } from '#lib/store/histories/stored-head.ts';
import { resealGiven } from '#lib/store/duplicates/merge-undo.ts';
import { openArchiveKey, sealArchiveKey } from '#lib/privacy/archive-object.ts';
import type { ArchiveDocument } from '#lib/store/collections/archive.ts';
import type { MergeDocument } from '#lib/store/collections/merge.ts';
import type { HistoryEntryDocument } from '#lib/store/collections/customer-audit.ts';
import type { ErasureDocument } from '#lib/store/collections/erasure.ts';
import { resealedHoldReason } from '#lib/store/rights/hold-reason.ts';
import { resealedPreferences } from '#lib/store/customers/sealed-preferences.ts';
import { rewriteChain, type RewrittenChain, type Trouble } from './chain-rewrite.ts';
import { type ClaimedField, keyedRewrite } from './keyed-rewrite.ts';

/** The writes that rewrite a record, and why it is not rewritten completely. No writes when nothing can be improved. */
export type RecordRewrite = Readonly<{ replacements: readonly Write[]; trouble: Trouble | null }>;

type StoredLink = Pick<
  CustomerLinkDocument,
  | '_id'
  | 'businessId'
  | 'customerId'
  | 'state'
  | 'version'
  | 'auditSeq'
  | 'auditHead'
  | 'auditSeal'
  | 'bodyDigest'
  | 'holdReason'
  | 'preferences'
  | 'absorbed'
  | 'keyUse'
>;

/** A customer as it is stored, with its history, oldest entry first. */
export type OutdatedCustomer = Readonly<{
  /** The default country of its business, ISO 3166-1 alpha-2. Null: its phone stays as it is. */
  country: string | null;
  link: StoredLink;
  customer: LeanCustomer | undefined;
  /** The customers that were merged into it. */
  losers: readonly LeanCustomer[];
  leftToOthers: readonly ClaimedField[];
  /** The undo record of its merge into another customer. */
  merge: MergeDocument | undefined;
  /** What leads to its object in the archive. */
  archived: ArchiveDocument | undefined;
  /** Null: the history stays as it is. */
  entries: readonly HistoryEntryDocument[] | null;
}>;

/** Works out the writes that rewrite a customer with the current key. Throws nothing: the result says what is wrong. */
export const rewriteCustomer = (stored: OutdatedCustomer, keys: BusinessKeys): RecordRewrite => {
  try {
    return rewritten(stored, keys);
  } catch (error) {
    return { replacements: [], trouble: error instanceof UnknownKey ? 'key-missing' : 'unreadable' };
  }
};

const rewritten = (
  { country, link, customer: document, merge, archived, entries, ...merged }: OutdatedCustomer,
  keys: BusinessKeys,
): RecordRewrite => {
  if (document === undefined) throw new Error('A link has no customer document.');
  const stored = toCustomer(document, keys);
  const customer = withInternationalPhone(stored, country);
  const head = headOfLink(keys.businessId, link);
  const chain =
    entries === null ? unchanged(keys) : rewriteChain(keys, { stored: entries, head }, NONE_BLANKED);
  const { keyUse, trouble } = chain;
  if (keyUse === link.keyUse) return { replacements: [], trouble };
  const losers = merged.losers.map((loser) => withInternationalPhone(toCustomer(loser, keys), country));
  const { leftToOthers } = merged;
  const { fields: keyed, $unset } = keyedRewrite(customer, { link, losers, leftToOthers }, keys);
  const fields = resealedFields(document, { before: stored, after: customer }, keys);
  return {
    replacements: [
      {
        update: 'customer_link',
        // A live change adds to the history. It wins: then the head no longer matches.
        filter: { _id: link._id, version: link.version, auditHead: link.auditHead },
        change: {
          $set: {
            ...keyed,
            ...resealedDigest(link, keys),
            ...resealedHoldReason(keys, link),
            ...resealedPreferences(keys, link),
            ...chain.head,
            keyUse,
          },
          ...($unset && { $unset }),
        },
      },
      ...(Object.keys(fields).length === 0
        ? []
        : [
            {
              update: 'customer' as const,
              filter: { _id: document._id, __v: document.__v },
              change: { $set: fields },
            },
          ]),
      ...(merge === undefined ? [] : rewriteMerge(merge, keys)),
      ...(archived === undefined ? [] : rewriteArchiveKey(archived, keys)),
      ...chain.replacements,
    ],
    trouble,
  };
};

/** Phones from before layout 4 may be national. The customer stays the same version: its number has not changed. */
const withInternationalPhone = (customer: Customer, country: string | null): Customer => {
  if (country === null || customer.phone === null) return customer;
  const phone = internationalPhone(customer.phone, country);
  return phone === customer.phone ? customer : { ...customer, phone };
};

const NONE_BLANKED = { mayBeBlanked: false };

const unchanged = (keys: BusinessKeys): RewrittenChain => ({
  replacements: [],
  keyUse: keyUseOf(keys),
  trouble: null,
});

const rewriteMerge = ({ _id, given, expiresAt }: MergeDocument, keys: BusinessKeys): readonly Write[] => {
  const sealed = bytesOf(given);
  if (!needsResealing(keys, sealed)) return [];
  const $set = { given: resealGiven(keys, _id.toHexString(), sealed) };
  return [{ update: 'merge', filter: { _id, expiresAt }, change: { $set } }];
};

/** The object itself needs no key of the keyring, so no bucket is asked. */
const rewriteArchiveKey = (
  { _id, objectKey, dataKey }: ArchiveDocument,
  keys: BusinessKeys,
): readonly Write[] => {
  if (dataKey === undefined || !needsResealing(keys, bytesOf(dataKey))) return [];
  const customerId = _id.toHexString();
  const resealed = sealArchiveKey(keys, customerId, openArchiveKey(keys, customerId, bytesOf(dataKey)));
  return [{ update: 'archive', filter: { _id, objectKey }, change: { $set: { dataKey: resealed } } }];
};

const resealedDigest = (
  { customerId, bodyDigest }: StoredLink,
  keys: BusinessKeys,
): { bodyDigest?: Buffer } => {
  if (bodyDigest === undefined) return {};
  const stored = { customerId: customerId.toHexString(), bodyDigest: bytesOf(bodyDigest) };
  return needsResealing(keys, stored.bodyDigest) ? { bodyDigest: resealBodyDigest(keys, stored) } : {};
};

/** Works out the writes that rewrite a purged customer's history, and its head in the erasure record. */
export const rewriteErasure = (
  erasure: ErasureDocument,
  stored: readonly HistoryEntryDocument[],
  keys: BusinessKeys,
): RecordRewrite => {
  const chain = rewriteChain(keys, { stored, head: headOfErasure(erasure) }, { mayBeBlanked: true });
  const { keyUse, trouble } = chain;
  if (keyUse === erasure.keyUse) return { replacements: [], trouble };
  const filter = { _id: erasure._id, auditHead: erasure.auditHead };
  const update: Write = { update: 'erasure', filter, change: { $set: { ...chain.head, keyUse } } };
  return { replacements: [update, ...chain.replacements], trouble };
};
