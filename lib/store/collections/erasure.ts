import { Schema, type Types } from 'mongoose';
import type { ErasureCause, ErasureGround } from '#lib/domain/rights/erasure.ts';
import { defineCollection } from './define-collection.ts';

/** How much one place had of a customer when the sweep began, and how much is left. */
export type SweptPlace = { place: string; found: number; left: number };

/** Records that a customer was erased or purged. Kept for ever: it is replayed after a restore, and the id is never used again. */
export type ErasureDocument = {
  /** The customer's id. */
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  at: Date;
  cause: ErasureCause;
  /** Why the person asked for it. Absent for a purge. */
  ground?: ErasureGround;
  requestedAt?: Date;
  /** True until every place was swept and found empty. */
  open?: true;
  /** True until it is in the ledger outside of the database. */
  unledgered?: true;
  finishedAt?: Date;
  places?: SweptPlace[];
  /** The services that have removed their copies. */
  confirmed?: { service: string; at: Date }[];
  /** Into whom a purged customer was merged: the orders that name it count for that one. */
  mergedInto?: Types.ObjectId;
  /** The head of the history, as it was on the link: shows if entries are missing at its end. */
  auditSeq: number;
  auditHead: Buffer;
  auditSeal?: Buffer;
  /** The customer's last version, which the seal covers. Absent in records of an earlier version. */
  version?: number;
  /** The master keys that the history needs: lib/privacy/key-use.ts. */
  keyUse: string;
};

/** The records of a business, in the order of their purges. */
export const BUSINESS_AT_INDEX = 'business_at';

/** The erasures that are not finished, business by business. */
export const OPEN_INDEX = 'open';

/** The erasures that are not finished, oldest first. */
export const OPEN_AT_INDEX = 'open_at';

/** The erasures that are not in the ledger, oldest first. */
export const UNLEDGERED_INDEX = 'unledgered_at';

export const erasure = defineCollection<ErasureDocument>({
  schema: () =>
    new Schema(
      {
        businessId: Schema.Types.ObjectId,
        at: Date,
        cause: String,
        ground: String,
        requestedAt: Date,
        open: Boolean,
        unledgered: Boolean,
        finishedAt: Date,
        places: {
          type: [new Schema({ place: String, found: Number, left: Number }, { _id: false })],
          default: undefined,
        },
        confirmed: {
          type: [new Schema({ service: String, at: Date }, { _id: false })],
          default: undefined,
        },
        mergedInto: Schema.Types.ObjectId,
        auditSeq: Number,
        auditHead: Buffer,
        auditSeal: Buffer,
        version: Number,
        keyUse: String,
      },
      { versionKey: false },
    ),
  indexes: [
    { name: BUSINESS_AT_INDEX, key: { businessId: 1, at: 1 } },
    {
      name: OPEN_INDEX,
      key: { open: 1, businessId: 1, _id: 1 },
      partialFilterExpression: { open: true },
    },
    {
      name: OPEN_AT_INDEX,
      key: { open: 1, at: 1 },
      partialFilterExpression: { open: true },
    },
    {
      name: UNLEDGERED_INDEX,
      key: { unledgered: 1, at: 1, _id: 1 },
      partialFilterExpression: { unledgered: true },
    },
    { name: 'key_use', key: { keyUse: 1, businessId: 1, _id: 1 } },
  ],
  owner: 'existence',
  person: {
    foundBy: '_id',
    erasing: {
      by: 'keeping',
      why: 'the proof of the erasure: ids, times, counts and names of services only',
    },
    exported: { under: 'none', why: 'it is about customers that are gone; the receipt shows it' },
    archiving: { by: 'staying' },
    holds: 'the records of erasures',
    keptUntil: 'for ever',
  },
  kinds: {
    _id: 'technical',
    businessId: 'technical',
    at: 'technical',
    cause: 'technical',
    ground: 'technical',
    requestedAt: 'technical',
    open: 'technical',
    unledgered: 'technical',
    finishedAt: 'technical',
    places: { place: 'technical', found: 'technical', left: 'technical' },
    confirmed: { service: 'technical', at: 'technical' },
    mergedInto: 'technical',
    auditSeq: 'technical',
    auditHead: 'keyed',
    auditSeal: 'keyed',
    version: 'technical',
    keyUse: 'technical',
  },
});
