import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { keyIdOf } from '#lib/privacy/field-cipher.ts';
import { keyUseOf } from '#lib/privacy/key-use.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import { resealBodyDigest } from '#lib/store/body-digest.ts';
import { bytesOf } from '#lib/store/bytes.ts';
import { type LeanCustomer, resealedFields, toCustomer } from '#lib/store/customer-document.ts';
import { keyedFieldsOf } from '#lib/store/link-fields.ts';
import type { CustomerLinkDocument } from '#lib/store/models/customer-link.ts';
import { resealGiven } from '#lib/store/merge-undo.ts';
import type { MergeDocument } from '#lib/store/models/merge.ts';
import type { AuditDocument, ErasureDocument } from '#lib/store/models/records.ts';
import { type Replacement, rewriteChain, type RewrittenChain, type Trouble } from './chain-rewrite.ts';

/** What to write; nothing where nothing could be made better. */
export type Rewriting = Readonly<{ replacements: readonly Replacement[]; trouble: Trouble | null }>;

type StoredLink = Pick<
  CustomerLinkDocument,
  '_id' | 'customerId' | 'version' | 'auditSeq' | 'auditHead' | 'bodyDigest' | 'keyUse'
>;

/** A customer as it is stored, with its audit, oldest entry first; null when that is to be left alone. */
export type StoredCustomer = Readonly<{
  link: StoredLink;
  customer: LeanCustomer | undefined;
  /** What would undo its merge into another. */
  merge: MergeDocument | undefined;
  entries: readonly AuditDocument[] | null;
}>;

/** How a customer is written by the current key, from what any key of the ring wrote. */
export const rewriteCustomer = (stored: StoredCustomer, keys: BusinessKeys): Rewriting => {
  try {
    return rewritten(stored, keys);
  } catch (error) {
    return { replacements: [], trouble: error instanceof UnknownKey ? 'key-missing' : 'unreadable' };
  }
};

const rewritten = (
  { link, customer: document, merge, entries }: StoredCustomer,
  keys: BusinessKeys,
): Rewriting => {
  if (document === undefined) throw new Error('A link without its customer.');
  const customer = toCustomer(document, keys);
  const head = { seq: link.auditSeq, hash: bytesOf(link.auditHead) };
  const chain = entries === null ? unchanged(keys) : rewriteChain(keys, entries, head);
  const { keyUse, trouble } = chain;
  if (keyUse === link.keyUse) return { replacements: [], trouble };
  const fields = resealedFields(document, customer, keys);
  return {
    replacements: [
      {
        collection: 'customer_link',
        // Whoever changed the customer meanwhile has added to its history, and comes first.
        filter: { _id: link._id, version: link.version, auditHead: head.hash },
        set: { ...keyedFieldsOf(customer, keys), ...resealedDigest(link, keys), ...headOf(chain), keyUse },
      },
      ...(Object.keys(fields).length === 0
        ? []
        : [{ collection: 'customer', filter: { _id: document._id, __v: document.__v }, set: fields }]),
      ...(merge === undefined ? [] : rewriteMerge(merge, keys)),
      ...chain.replacements,
    ],
    trouble,
  };
};

const unchanged = (keys: BusinessKeys): RewrittenChain => ({
  replacements: [],
  keyUse: keyUseOf(keys),
  trouble: null,
});

const rewriteMerge = (
  { _id, given, expiresAt }: MergeDocument,
  keys: BusinessKeys,
): readonly Replacement[] => {
  const sealed = bytesOf(given);
  if (keyIdOf(sealed) === keys.currentKeyId) return [];
  const set = { given: resealGiven(keys, _id.toHexString(), sealed) };
  return [{ collection: 'merge', filter: { _id, expiresAt }, set }];
};

const headOf = ({ head }: RewrittenChain): { auditHead?: Buffer } =>
  head === undefined ? {} : { auditHead: head };

const resealedDigest = (
  { customerId, bodyDigest }: StoredLink,
  keys: BusinessKeys,
): { bodyDigest?: Buffer } => {
  if (bodyDigest === undefined) return {};
  const stored = { customerId: customerId.toHexString(), bodyDigest: bytesOf(bodyDigest) };
  return keyIdOf(stored.bodyDigest) === keys.currentKeyId
    ? {}
    : { bodyDigest: resealBodyDigest(keys, stored) };
};

/** How the current key writes what is left of an erased customer: its history, with the head of it. */
export const rewriteErasure = (
  { _id, auditSeq, auditHead, keyUse: before }: ErasureDocument,
  entries: readonly AuditDocument[],
  keys: BusinessKeys,
): Rewriting => {
  const hash = bytesOf(auditHead);
  const chain = rewriteChain(keys, entries, { seq: auditSeq, hash });
  const { keyUse, trouble } = chain;
  if (keyUse === before) return { replacements: [], trouble };
  const set = { ...headOf(chain), keyUse };
  const erasure = { collection: 'erasure', filter: { _id, auditHead: hash }, set };
  return { replacements: [erasure, ...chain.replacements], trouble };
};
