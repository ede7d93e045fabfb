import * as z from 'zod';
import { defineSchedule } from '#lib/contract/task.ts';

export const contract = defineSchedule({
  name: 'purge-deleted-customers',
  summary: 'Remove deleted customers for good when their retention time is over',
  impact: 'personal data is kept longer than promised',
  needs: ['database', 'purge-switch'],
  every: 'rate(1 hour)',
  timeoutSeconds: 900,
  input: z.object({
    dryRun: z.boolean().default(false),
    batchSize: z.int().min(1).max(500).default(500),
    /** The largest share of a business's customers that one run may remove. */
    largestShare: z.number().min(0).max(1).default(0.5),
    /** With fewer due customers than this, the share is not checked: a small business may delete all of them. */
    shareCountsFrom: z.int().min(1).default(100),
  }),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time', 'switched-off', 'above-share', 'dry-run']),
    purged: z.int(),
    /** How many customers were due when the run began. */
    due: z.int(),
    /** The businesses in which more than the largest share was due. */
    aboveShare: z.array(z.string()),
  }),
});
