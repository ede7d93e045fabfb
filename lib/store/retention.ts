/** An update pipeline that sets when a deleted customer may be purged, by the database's clock. */
export const retention = (retentionDays: number): readonly object[] => [
  { $set: { purgeAfter: { $dateAdd: { startDate: '$$NOW', unit: 'day', amount: retentionDays } } } },
];
