import { Schema } from 'mongoose';
import { defineCollection } from './define-collection.ts';

/**
 * How many calls were refused to a caller, or how often a link was used. Removed after an hour without either: no document
 * means a full budget.
 */
export type RefusalBudgetDocument = {
  /** The subject of the caller's token. Of a link: `link:` and a hash of its token, or `link:all`. */
  _id: string;
  /** When the window of time began. */
  since: Date;
  /** When the budget was used last. */
  at: Date;
  spent: number;
  /** How often the budget was empty. */
  denied: number;
  /** Whether the caller who asked last was granted one. */
  granted: boolean;
};

const KEPT_SECONDS = 60 * 60;

export const refusalBudget = defineCollection<RefusalBudgetDocument>({
  schema: () =>
    new Schema(
      { _id: String, since: Date, at: Date, spent: Number, denied: Number, granted: Boolean },
      { versionKey: false },
    ),
  indexes: [{ name: 'expiry', key: { at: 1 }, expireAfterSeconds: KEPT_SECONDS }],
  owner: 'caller',
  person: null,
  kinds: {
    _id: 'technical',
    since: 'technical',
    at: 'technical',
    spent: 'technical',
    denied: 'technical',
    granted: 'technical',
  },
});
