import type { Types } from 'mongoose';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';
import type { SealedHead } from '#lib/privacy/history-seal.ts';
import { bytesIn } from '#lib/store/collections/stored-bytes.ts';

/** The fields of a link or of an erasure record that hold the head of the history. */
export type StoredHead = Readonly<{ auditSeq: number; auditHead: unknown; auditSeal?: unknown }>;

/** What the head says beside the history: whose it is, and the state and version of that customer. */
type Facts = Readonly<{
  businessId: string;
  customerId: string;
  state: CustomerState;
  version: number | null;
}>;

/** The head of a history. Values that are no bytes were not written by this service: the history will not verify. */
export const toHead = (facts: Facts, { auditSeq, auditHead, auditSeal }: StoredHead): SealedHead => ({
  ...facts,
  seq: auditSeq,
  hash: bytesIn(auditHead) ?? new Uint8Array(),
  seal: bytesIn(auditSeal),
});

/** The head on a link of a business. */
export const headOfLink = (
  businessId: string,
  {
    customerId,
    state,
    version,
    ...stored
  }: StoredHead & Readonly<{ customerId: Types.ObjectId; state: CustomerState; version: number }>,
): SealedHead => toHead({ businessId, customerId: customerId.toHexString(), state, version }, stored);

/** What the erasure record of a customer holds of it. */
export type StoredErasure = StoredHead &
  Readonly<{ _id: Types.ObjectId; businessId: Types.ObjectId; version?: number }>;

/** The head in an erasure record. Only deleted customers are purged. */
export const headOfErasure = ({ _id, businessId, version, ...stored }: StoredErasure): SealedHead =>
  toHead(
    {
      businessId: businessId.toHexString(),
      customerId: _id.toHexString(),
      state: 'deleted',
      version: version ?? null,
    },
    stored,
  );
