import { Schema, type Types } from 'mongoose';
import { SYNC_HORIZON_DAYS } from '#lib/domain/retention/sync-horizon.ts';
import { defineCollection } from './define-collection.ts';

/** The id of a purged customer, for offline copies that still have it. No personal data; kept for 400 days. */
export type TombstoneDocument = { _id: Types.ObjectId; businessId: Types.ObjectId; at: Date };

export const tombstone = defineCollection<TombstoneDocument>({
  schema: () => new Schema({ businessId: Schema.Types.ObjectId, at: Date }, { versionKey: false }),
  indexes: [
    { name: 'business_at', key: { businessId: 1, at: 1, _id: 1 } },
    { name: 'expiry', key: { at: 1 }, expireAfterSeconds: SYNC_HORIZON_DAYS * 24 * 60 * 60 },
  ],
  owner: 'businessId',
  person: {
    foundBy: '_id',
    erasing: {
      by: 'keeping',
      why: 'the id and the time only, so that offline copies are removed; for 400 days',
    },
    exported: { under: 'none', why: 'it is about customers that are gone' },
    archiving: { by: 'staying' },
    holds: 'the ids of customers that are gone',
    keptUntil: 'for 400 days',
  },
  kinds: { _id: 'technical', businessId: 'technical', at: 'technical' },
});
