import type { mongo } from 'mongoose';

/** An update pipeline that sets when a deleted customer may be purged, by the database's clock. */
export const retention = (retentionDays: number): readonly mongo.Document[] => [
  { $set: { purgeAfter: { $dateAdd: { startDate: '$$NOW', unit: 'day', amount: retentionDays } } } },
];
