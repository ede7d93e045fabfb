import * as z from 'zod';
import { defineSchedule } from '#lib/contract/task.ts';
import { ARCHIVE_PURPOSE } from '#lib/domain/rights/archive.ts';

export const contract = defineSchedule({
  name: 'keep-archive',
  summary:
    'Move archived customers that nobody has touched for long to the archive, and bring back who is asked for',
  impact: 'customers that were recalled from the archive do not come back',
  purpose: ARCHIVE_PURPOSE,
  needs: ['database', 'keyring', 'archive-bucket'],
  objects: {
    'archive-bucket': [{ prefix: 'archive/', actions: ['put', 'get', 'delete', 'list', 'restore'] }],
  },
  every: 'rate(5 minutes)',
  timeoutSeconds: 240,
  input: z.object({ batchSize: z.int().min(1).max(500).default(50) }),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time', 'another-run']),
    moved: z.int(),
    returned: z.int(),
    /** How many wait until the bucket has restored their objects. */
    waiting: z.int(),
    /** Customers whose objects cannot be stored or read. Nothing of them was changed. */
    troubled: z.array(z.object({ businessId: z.string(), customerId: z.string(), trouble: z.string() })),
  }),
});
