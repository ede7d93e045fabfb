import { Schema, type Types } from 'mongoose';
import type { ActivityKind } from '#lib/domain/activity/counts.ts';
import { defineCollection } from './define-collection.ts';

/** The newest state that is known of an order or a payment of another service. An older one changes nothing. */
export type ActivitySourceDocument = {
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  kind: ActivityKind;
  /** The id of the order or payment. */
  sourceId: Types.ObjectId;
  /** The time of the newest event in 13 digits of milliseconds, then the event's id. */
  stamp: string;
  /** The ids by which the source named customers that were erased. Absent: none of them was. */
  gone?: Types.ObjectId[];
};

/** One source of a business. */
export const SOURCE_INDEX = 'business_source_unique';

/** The sources that named an erased customer by an id. */
export const SOURCE_GONE_INDEX = 'business_gone';

export const activitySource = defineCollection<ActivitySourceDocument>({
  schema: () =>
    new Schema(
      {
        businessId: Schema.Types.ObjectId,
        kind: String,
        sourceId: Schema.Types.ObjectId,
        stamp: String,
        gone: { type: [Schema.Types.ObjectId], default: undefined },
      },
      { versionKey: false },
    ),
  indexes: [
    { name: SOURCE_INDEX, key: { businessId: 1, kind: 1, sourceId: 1 }, unique: true },
    {
      name: SOURCE_GONE_INDEX,
      key: { businessId: 1, gone: 1 },
      // Most sources named nobody who is gone.
      partialFilterExpression: { gone: { $exists: true } },
    },
  ],
  owner: 'businessId',
  person: {
    foundBy: 'gone',
    erasing: {
      by: 'keeping',
      why: 'the ids by which orders named the customer, so that a late message about one does not create the customer again',
    },
    exported: { under: 'none', why: 'it is about customers that are gone' },
    archiving: { by: 'staying' },
    holds:
      'which state of each order and payment is known, and by which ids they named customers that are gone',
    keptUntil: 'for ever: a late message about the order or payment may come at any time',
  },
  kinds: {
    _id: 'technical',
    businessId: 'technical',
    kind: 'technical',
    sourceId: 'technical',
    stamp: 'technical',
    gone: 'technical',
  },
});
