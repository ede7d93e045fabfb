import * as z from 'zod';
import { defineSchedule } from '#lib/contract/route.ts';

export const contract = defineSchedule({
  name: 'purge-deleted-customers',
  summary: 'Remove for good what was deleted longer ago than its business keeps it',
  impact: 'personal data is kept longer than promised',
  needs: ['database', 'purge-switch'],
  every: 'rate(1 hour)',
  timeoutSeconds: 900,
  input: z.object({
    dryRun: z.boolean().default(false),
    batchSize: z.int().min(1).max(500).default(500),
    /** The share of a business's customers that one run may remove. */
    largestShare: z.number().min(0).max(1).default(0.5),
    /** Below this many, the share says nothing: a small business may delete them all. */
    shareCountsFrom: z.int().min(1).default(100),
  }),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time', 'switched-off', 'above-share', 'dry-run']),
    purged: z.int(),
    /** What was due when the run began. */
    due: z.int(),
    /** The businesses that a run would have emptied beyond the share. */
    aboveShare: z.array(z.string()),
  }),
});
