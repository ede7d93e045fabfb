import * as z from 'zod';
import { defineOperation } from '#lib/contract/route.ts';

const Id = z.string().regex(/^[0-9a-f]{24}$/);

/** A customer of a business. Histories are walked in this order. */
const Place = z.object({ businessId: Id, customerId: Id });

export const contract = defineOperation({
  name: 'verify-histories',
  summary: 'Verify the histories of all customers, of those too that are gone for good',
  impact: 'nobody can show that histories are what was written',
  needs: ['database', 'keyring'],
  timeoutSeconds: 900,
  input: z
    .object({
      /** Every business when it is absent. */
      businessId: Id.optional(),
      /** Where a former run stopped. */
      after: Place.optional(),
      /** Histories that are read at once. */
      batchSize: z.int().min(1).max(500).default(200),
    })
    .refine(
      ({ businessId, after }) => businessId === undefined || (after?.businessId ?? businessId) === businessId,
      {
        message: '`after` is in another business.',
      },
    ),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time', 'too-many-flawed']),
    checked: z.int(),
    flawed: z.array(z.object({ ...Place.shape, trouble: z.enum(['broken-history', 'key-missing']) })),
    /** Where to go on; null when everything was checked. */
    after: Place.nullable(),
  }),
});
