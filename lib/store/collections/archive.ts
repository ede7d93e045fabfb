import { Schema, type Types } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/** Where a customer is on its way into the archive and back. */
export type ArchiveStep =
  /** Its object is being written. The database still has everything. */
  | 'moving'
  /** The object is whole and the customer is away. What the object holds of its orders and payments still leaves the database. */
  | 'leaving'
  /** Its object is the only place of what left the database. */
  | 'away'
  /** Likewise, and the bucket restores the object so that it can be read, which takes hours. */
  | 'thawing'
  /** The database has everything again. The object is not deleted yet. */
  | 'returning';

/** Leads to the object of a customer in the archive. */
export type ArchiveDocument = {
  /** The customer's id. */
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  step: ArchiveStep;
  /** The number of the newest history entry when the object was made. */
  auditSeq: number;
  objectKey: string;
  /** SHA-256 of the object, in base64, and its length. */
  sha256: string;
  bytes: number;
  /** The key of the object, sealed. Without it nobody can read the object: an erasure removes it. */
  dataKey?: Buffer;
  at: Date;
  /** True once somebody has asked for the customer. */
  asked?: true;
};

/** The customers whose move has begun and not ended, step by step. */
export const ARCHIVE_STEP_INDEX = 'step_at';

/** The customers that somebody has asked for. */
export const ARCHIVE_ASKED_INDEX = 'asked';

export const archive = defineCollection<ArchiveDocument>({
  schema: () =>
    new Schema(
      {
        businessId: Schema.Types.ObjectId,
        step: String,
        auditSeq: Number,
        objectKey: String,
        sha256: String,
        bytes: Number,
        dataKey: Buffer,
        at: Date,
        asked: Boolean,
      },
      { versionKey: false },
    ),
  indexes: [
    { name: ARCHIVE_STEP_INDEX, key: { step: 1, at: 1 } },
    {
      name: ARCHIVE_ASKED_INDEX,
      key: { asked: 1, _id: 1 },
      partialFilterExpression: { asked: true },
    },
  ],
  owner: 'businessId',
  person: {
    foundBy: '_id',
    erasing: { by: 'shredding', fields: ['dataKey'] },
    exported: {
      under: 'none',
      why: 'where a copy of what the export shows lies; the export waits until it is back',
    },
    archiving: { by: 'staying' },
    holds: 'where the archive has what left the database, and the key to it',
    keptUntil: 'until the customer is back, erased or purged',
  },
  kinds: {
    _id: 'technical',
    businessId: 'technical',
    step: 'technical',
    auditSeq: 'technical',
    objectKey: 'technical',
    sha256: 'technical',
    bytes: 'technical',
    dataKey: 'sealed',
    at: 'technical',
    asked: 'technical',
  },
});
