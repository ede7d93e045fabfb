import { Schema, type Types } from 'mongoose';
import type { IndexDeclaration } from './index-declaration.ts';

/** What a business may still ask of the service. No document, as of one not seen for a day, is a full bucket. */
export type RateLimitDocument = {
  /** The business's id. */
  _id: Types.ObjectId;
  /** Requests that were left at that time, with fractions. */
  left: number;
  at: Date;
  /** What the last environment to ask was lent. */
  granted: number;
};

export const rateLimitSchema = (): Schema =>
  new Schema({ left: Number, at: Date, granted: Number }, { collection: 'rate_limit', versionKey: false });
const KEPT_SECONDS = 24 * 60 * 60;
export const rateLimitIndexes: readonly IndexDeclaration[] = [
  { name: 'expiry', key: { at: 1 }, expireAfterSeconds: KEPT_SECONDS },
];
