import * as z from 'zod';
import { defineSchedule } from '#lib/contract/route.ts';

const Left = z.object({
  keyId: z
    .string()
    .nullable()
    .meta({ description: 'Null for records of a former version: nobody knows which key they need.' }),
  collection: z
    .string()
    .meta({ description: 'customer_link stands for a customer with its link and history.' }),
  records: z.int(),
});

const Troubled = z.object({ businessId: z.string(), customerId: z.string(), trouble: z.string() });

export const contract = defineSchedule({
  name: 'reencrypt-customers',
  summary: 'Write everything anew that the current master key has not written',
  impact: 'an old master key cannot be dropped, as after a leak',
  needs: ['database', 'keyring'],
  every: 'rate(10 minutes)',
  // One run ends before the next one begins.
  timeoutSeconds: 540,
  input: z.object({
    dryRun: z.boolean().default(false),
    /** Customers in one transaction. */
    batchSize: z.int().min(1).max(500).default(100),
    /** How long after a change of the keyring some environment may still work with the one before. */
    settleMs: z
      .int()
      .min(0)
      .default(30 * 60_000),
  }),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time', 'keyring-changed', 'dry-run']),
    /** How many customers, or what is left of erased ones, this run wrote anew. */
    rewritten: z.int(),
    currentKeyId: z.string(),
    /** Whether every environment works with this keyring by now: before, it must not be changed again. */
    settled: z.boolean(),
    /** What still needs a key that is not the current one. */
    left: z.array(Left),
    /** The keys that nothing needs any more. */
    mayBeDropped: z.array(z.string()),
    /** Customers that could not be rewritten, or not wholly: the first hundred. */
    troubles: z.array(Troubled),
  }),
});
