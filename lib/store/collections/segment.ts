import { Schema, type Types } from 'mongoose';
import type { CustomerType } from '#lib/domain/customers/customer-details.ts';
import type { SegmentState } from '#lib/domain/messages/segment.ts';
import type { Channel } from '#lib/domain/rights/consents.ts';
import { defineCollection } from './define-collection.ts';

/** Either of the two: a moment, or so many days before the segment is asked for. */
export type StoredMoment = { at?: Date; daysAgo?: number };

export type StoredDefinition = {
  states?: SegmentState[];
  customerTypes?: CustomerType[];
  createdAfter?: StoredMoment;
  createdBefore?: StoredMoment;
  lastVisitAfter?: StoredMoment;
  lastVisitBefore?: StoredMoment;
  firstVisitAfter?: StoredMoment;
  firstVisitBefore?: StoredMoment;
  visitsAtLeast?: number;
  visitsAtMost?: number;
  neverVisited?: boolean;
  consent?: { purpose: string; channel: Channel };
};

/** Whom a business writes to: conditions about its customers, under a name that it gives. It names no customer. */
export type SegmentDocument = {
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  name: string;
  /** The folded name. */
  nameKey: string;
  /** From 0 to 99. Each is given once, so a business has at most 100 segments, however many come at once. */
  slot: number;
  definition: StoredDefinition;
  createdAt: Date;
  updatedAt: Date;
  /** The subject of the token of who wrote it last. */
  by: string;
};

/** Unique indexes. The name in a duplicate key error shows which rule a write broke. */
export const SEGMENT_NAME_INDEX = 'business_name_unique';
export const SEGMENT_SLOT_INDEX = 'business_slot_unique';

const moment = () => new Schema({ at: Date, daysAgo: Number }, { _id: false });

export const segment = defineCollection<SegmentDocument>({
  schema: () =>
    new Schema(
      {
        businessId: Schema.Types.ObjectId,
        name: String,
        nameKey: String,
        slot: Number,
        definition: new Schema(
          {
            states: { type: [String], default: undefined },
            customerTypes: { type: [String], default: undefined },
            createdAfter: moment(),
            createdBefore: moment(),
            lastVisitAfter: moment(),
            lastVisitBefore: moment(),
            firstVisitAfter: moment(),
            firstVisitBefore: moment(),
            visitsAtLeast: Number,
            visitsAtMost: Number,
            neverVisited: Boolean,
            consent: new Schema({ purpose: String, channel: String }, { _id: false }),
          },
          { _id: false },
        ),
        createdAt: Date,
        updatedAt: Date,
        by: String,
      },
      { versionKey: false },
    ),
  indexes: [
    { name: SEGMENT_NAME_INDEX, key: { businessId: 1, nameKey: 1 }, unique: true },
    { name: SEGMENT_SLOT_INDEX, key: { businessId: 1, slot: 1 }, unique: true },
  ],
  owner: 'businessId',
  // Conditions about customers in general: which customers meet them is found out each time, and never kept.
  person: null,
  kinds: {
    _id: 'technical',
    businessId: 'technical',
    name: 'technical',
    nameKey: 'technical',
    slot: 'technical',
    definition: {
      states: 'technical',
      customerTypes: 'technical',
      createdAfter: { at: 'technical', daysAgo: 'technical' },
      createdBefore: { at: 'technical', daysAgo: 'technical' },
      lastVisitAfter: { at: 'technical', daysAgo: 'technical' },
      lastVisitBefore: { at: 'technical', daysAgo: 'technical' },
      firstVisitAfter: { at: 'technical', daysAgo: 'technical' },
      firstVisitBefore: { at: 'technical', daysAgo: 'technical' },
      visitsAtLeast: 'technical',
      visitsAtMost: 'technical',
      neverVisited: 'technical',
      consent: { purpose: 'technical', channel: 'technical' },
    },
    createdAt: 'technical',
    updatedAt: 'technical',
    by: 'technical',
  },
});
