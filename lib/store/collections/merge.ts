import { Schema, type Types } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/** The undo record of a merge. Removed when the merge is undone, its time is over, or either customer is purged. */
export type MergeDocument = {
  /** The id of the customer that was merged into another. */
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  survivorId: Types.ObjectId;
  /** The values that the survivor was given, and those it had before: sealed. */
  given: Buffer;
  expiresAt: Date;
};

export const merge = defineCollection<MergeDocument>({
  schema: () =>
    new Schema(
      {
        businessId: Schema.Types.ObjectId,
        survivorId: Schema.Types.ObjectId,
        given: Buffer,
        expiresAt: Date,
      },
      { versionKey: false },
    ),
  indexes: [
    { name: 'survivor', key: { survivorId: 1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  owner: 'businessId',
  person: {
    foundBy: '_id',
    erasing: { by: 'begin' },
    exported: { under: 'none', why: 'copies of values of the merged records, which are shown' },
    archiving: { by: 'blocking' },
    holds: 'what undoes a merge',
    keptUntil: 'for 30 days after the merge',
  },
  kinds: {
    _id: 'technical',
    businessId: 'technical',
    survivorId: 'technical',
    given: 'sealed',
    expiresAt: 'technical',
  },
});
