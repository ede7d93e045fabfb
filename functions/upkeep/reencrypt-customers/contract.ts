import * as z from 'zod';
import { defineSchedule } from '#lib/contract/task.ts';

const Left = z.object({
  keyId: z.string().nullable().meta({
    description: 'Null for records of an earlier version, because it is not known which key they need.',
  }),
  collection: z
    .string()
    .meta({ description: '`customer_link` counts each customer together with its link and history.' }),
  records: z.int(),
});

const Troubled = z.object({ businessId: z.string(), customerId: z.string(), trouble: z.string() });

export const contract = defineSchedule({
  name: 'reencrypt-customers',
  summary: 'Rewrite all data that was not written with the current master key',
  impact: 'an old master key cannot be removed, for example after a leak',
  needs: ['database', 'keyring'],
  every: 'rate(10 minutes)',
  // Less than 10 minutes, so that one run ends before the next one begins.
  timeoutSeconds: 540,
  input: z.object({
    dryRun: z.boolean().default(false),
    /** How many customers are rewritten in one transaction. */
    batchSize: z.int().min(1).max(500).default(100),
    /** How long after a change of the keyring some environments may still use the old one. */
    settleMs: z
      .int()
      .min(0)
      .default(30 * 60_000),
  }),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time', 'keyring-changed', 'dry-run']),
    /** How many customers, or remains of erased ones, this run rewrote. */
    rewritten: z.int(),
    currentKeyId: z.string(),
    /** Whether every environment uses this keyring by now. Until then, it must not be changed again. */
    settled: z.boolean(),
    /** What still needs a key other than the current one. */
    left: z.array(Left),
    /** The keys that nothing needs any more. */
    mayBeDropped: z.array(z.string()),
    /** The first hundred customers that could not be rewritten completely. */
    troubles: z.array(Troubled),
  }),
});
