import * as z from 'zod';
import { defineOperation } from '#lib/contract/task.ts';

const Id = z.string().regex(/^[0-9a-f]{24}$/);

/** A customer of a business. Histories are checked in this order. */
const Place = z.object({ businessId: Id, customerId: Id });

/** The last two can only be found by comparing with lines of the log, which the command line does. */
const Trouble = z.enum([
  'broken-history',
  'key-missing',
  'customer-missing',
  'older-than-line',
  'differs-from-line',
]);

export const contract = defineOperation({
  name: 'verify-histories',
  summary: 'Verify the histories of all customers, including purged ones',
  impact: 'the business cannot prove that histories are unchanged',
  needs: ['database', 'keyring'],
  timeoutSeconds: 900,
  input: z
    .object({
      /** If absent, every business is checked. */
      businessId: Id.optional(),
      /** Where an earlier run stopped. */
      after: Place.optional(),
      /** How many histories are read at once. */
      batchSize: z.int().min(1).max(500).default(200),
    })
    .refine(
      ({ businessId, after }) => businessId === undefined || (after?.businessId ?? businessId) === businessId,
      {
        message: '`after` must be in the business that `businessId` names.',
      },
    ),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time', 'too-many-flawed']),
    checked: z.int(),
    /** How many of them `reencrypt-customers` has not rewritten since an earlier version wrote them. They prove less. */
    former: z.int(),
    flawed: z.array(z.object({ ...Place.shape, trouble: Trouble })),
    /** Where to continue; null when everything was checked. */
    after: Place.nullable(),
  }),
});
