import * as z from 'zod';
import { LEDGER_PREFIX } from '#lib/contract/ledger-file.ts';
import { defineOperation } from '#lib/contract/task.ts';

export const contract = defineOperation({
  name: 'replay-erasures',
  summary: 'Erase again the customers that a restored database brought back, as the ledger says',
  impact: 'people who were forgotten are back after the database was restored',
  needs: ['database', 'keyring', 'ledger-bucket'],
  objects: { 'ledger-bucket': [{ prefix: LEDGER_PREFIX, actions: ['get', 'list'] }] },
  timeoutSeconds: 900,
  input: z.object({
    /** Count who is back, and write nothing. */
    dryRun: z.boolean().default(true),
    /** The last file of an earlier run, where this one goes on. */
    after: z.string().optional(),
    /** How many lines are replayed in one transaction. */
    batchSize: z.int().min(1).max(500).default(100),
  }),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time', 'dry-run', 'unreadable']),
    files: z.int(),
    lines: z.int(),
    /** How many customers were back, and are erased again unless this was a dry run. */
    returned: z.int(),
    /** The last file that was replayed whole; null before the first one. */
    after: z.string().nullable(),
    /** What stopped the run: a line that is none of the ledger's, or a whole file that is damaged (line null). */
    unreadable: z.object({ file: z.string(), line: z.int().nullable() }).nullable(),
  }),
});
