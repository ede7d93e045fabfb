import { Schema, type Types } from 'mongoose';
import type { CountedQuestion } from '#lib/domain/access/exact-questions.ts';
import { defineCollection } from './define-collection.ts';

/**
 * The request buckets of a business, and the exact questions of its callers that count. Removed after a day without
 * requests: no document means full buckets and no question.
 */
export type RateLimitDocument = {
  /** The business's id. */
  _id: Types.ObjectId;
  /** The requests left at the time `at`, with fractions. */
  left: number;
  /** The reads of lists left at that time. Missing if the bucket is full. */
  pullsLeft?: number;
  at: Date;
  /** How many requests were lent to the environment that asked last. */
  granted: number;
  /** The exact questions of all callers with masked fields. Missing before the first one. */
  exactQuestions?: CountedQuestion[];
  /** When an exact question was last counted. */
  askedAt?: Date;
};

const KEPT_SECONDS = 24 * 60 * 60;

export const rateLimit = defineCollection<RateLimitDocument>({
  schema: () =>
    new Schema(
      {
        left: Number,
        pullsLeft: Number,
        at: Date,
        granted: Number,
        exactQuestions: { type: [{ _id: false, id: String, caller: String, at: Date, isDenied: Boolean }] },
        askedAt: Date,
      },
      { versionKey: false },
    ),
  indexes: [{ name: 'expiry', key: { at: 1 }, expireAfterSeconds: KEPT_SECONDS }],
  owner: '_id',
  person: null,
  kinds: {
    _id: 'technical',
    left: 'technical',
    pullsLeft: 'technical',
    at: 'technical',
    granted: 'technical',
    exactQuestions: { id: 'technical', caller: 'technical', at: 'technical', isDenied: 'technical' },
    askedAt: 'technical',
  },
});
