import * as z from 'zod';
import { defineSchedule } from '#lib/contract/task.ts';

const Finding = z.object({
  businessId: z.string(),
  field: z.enum(['email', 'phone']),
  outcome: z.enum(['enforced', 'conflicts', 'out-of-time', 'too-early']),
  /** Groups of live customers that share a value. It lists their ids, never the value. */
  conflicts: z.array(z.array(z.string())),
});

export const contract = defineSchedule({
  name: 'enforce-uniqueness',
  summary: 'Check existing customers for conflicts after uniqueEmail or uniquePhone is switched on',
  impact: 'businesses that switched on unique emails or phones keep the setting `pending`',
  needs: ['database'],
  every: 'rate(10 minutes)',
  timeoutSeconds: 300,
  input: z.object({
    /** How long to wait until no environment uses the old settings any more; only then are conflicts counted. */
    settleMs: z.int().min(0).default(60_000),
  }),
  output: z.object({ findings: z.array(Finding) }),
});
