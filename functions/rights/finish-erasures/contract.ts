import * as z from 'zod';
import { LEDGER_PREFIX } from '#lib/contract/ledger-file.ts';
import { defineSchedule } from '#lib/contract/task.ts';

export const contract = defineSchedule({
  name: 'finish-erasures',
  summary: 'Remove what is left of customers whose erasure or purge has begun, and write it into the ledger',
  impact: 'parts of erased customers stay in the database, or a restored backup brings them back',
  needs: ['database', 'archive-bucket', 'ledger-bucket'],
  objects: {
    'archive-bucket': [{ prefix: 'archive/', actions: ['delete', 'list'] }],
    'ledger-bucket': [{ prefix: LEDGER_PREFIX, actions: ['put'] }],
  },
  every: 'rate(5 minutes)',
  timeoutSeconds: 240,
  input: z.object({ batchSize: z.int().min(1).max(500).default(500) }),
  output: z.object({
    /** `another-run`: nothing was done, because another run works. */
    outcome: z.enum(['finished', 'out-of-time', 'another-run']),
    finished: z.int(),
    /** How many erasures this run wrote into the ledger. */
    ledgered: z.int(),
    /** Hours since the oldest erasure began that is not finished; null when all are. */
    oldestOpenHours: z.number().nullable(),
    /** Minutes since the oldest erasure began that is not in the ledger; null when all are. */
    oldestUnledgeredMinutes: z.number().nullable(),
  }),
});
