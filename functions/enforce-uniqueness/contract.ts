import * as z from 'zod';
import { defineSchedule } from '#lib/contract/route.ts';

const Finding = z.object({
  businessId: z.string(),
  field: z.enum(['email', 'phone']),
  outcome: z.enum(['enforced', 'conflicts', 'out-of-time', 'too-early']),
  /** Groups of live customers that share a value: ids, never the value. */
  conflicts: z.array(z.array(z.string())),
});

export const contract = defineSchedule({
  name: 'enforce-uniqueness',
  summary: 'Finish what a business began by switching uniqueEmail or uniquePhone on',
  impact: 'a business that wants unique emails or phones stays at `pending`',
  needs: ['database'],
  every: 'rate(10 minutes)',
  timeoutSeconds: 300,
  input: z.object({
    /** Every environment must have forgotten the old settings before anybody is counted. */
    settleMs: z.int().min(0).default(60_000),
  }),
  output: z.object({ findings: z.array(Finding) }),
});
