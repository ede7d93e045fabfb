import * as z from 'zod';
import { defineSchedule } from '#lib/contract/task.ts';

export const contract = defineSchedule({
  name: 'finish-erasures',
  summary: 'Remove what is left of customers whose erasure or purge has begun',
  impact: 'parts of erased customers stay in the database',
  needs: ['database', 'archive-bucket'],
  objects: { 'archive-bucket': [{ prefix: 'archive/', actions: ['delete', 'list'] }] },
  every: 'rate(5 minutes)',
  timeoutSeconds: 240,
  input: z.object({ batchSize: z.int().min(1).max(500).default(500) }),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time']),
    finished: z.int(),
    /** Hours since the oldest erasure was asked for that is not finished; null when all are. */
    oldestOpenHours: z.number().nullable(),
  }),
});
