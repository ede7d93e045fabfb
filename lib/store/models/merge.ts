import { Schema, type Types } from 'mongoose';
import type { IndexDeclaration } from './index-declaration.ts';

/** What undoes a merge. It is gone when that is over, be it undone, too late, or one of the two customers purged. */
export type MergeDocument = {
  /** The id of the customer that was merged into another. */
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  survivorId: Types.ObjectId;
  /** What the survivor was given, and what it had before: sealed. */
  given: Buffer;
  expiresAt: Date;
};

export const mergeSchema = (): Schema =>
  new Schema(
    { businessId: Schema.Types.ObjectId, survivorId: Schema.Types.ObjectId, given: Buffer, expiresAt: Date },
    { collection: 'merge', versionKey: false },
  );
export const mergeIndexes: readonly IndexDeclaration[] = [
  { name: 'survivor', key: { survivorId: 1 } },
  { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
];
