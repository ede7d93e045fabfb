import * as z from 'zod';
import { defineOperation } from '#lib/contract/task.ts';

const Id = z.string().regex(/^[0-9a-f]{24}$/);

/** A customer of a business. Customers are counted in this order. */
const Place = z.object({ businessId: Id, customerId: Id });

export const contract = defineOperation({
  name: 'recount-activity',
  summary: 'Count the orders and payments of all customers again, and compare with what their records say',
  impact: 'nobody can prove or mend what the records say of orders, visits and payments',
  needs: ['database'],
  timeoutSeconds: 900,
  input: z
    .object({
      /** If absent, every business is counted. */
      businessId: Id.optional(),
      /** Where an earlier run stopped. */
      after: Place.optional(),
      /** Write what was counted where it differs. */
      fix: z.boolean().default(false),
      /** How many customers are counted before the time is looked at. */
      batchSize: z.int().min(1).max(500).default(100),
    })
    .refine(
      ({ businessId, after }) => businessId === undefined || (after?.businessId ?? businessId) === businessId,
      { message: '`after` must be in the business that `businessId` names.' },
    ),
  output: z.object({
    outcome: z.enum(['finished', 'out-of-time']),
    counted: z.int(),
    /** How many customers differ. Only the first thousand are listed. */
    different: z.int(),
    fixed: z.boolean(),
    differences: z.array(z.object({ ...Place.shape, fields: z.array(z.string()) })),
    /** Where to continue; null when everything was counted. */
    after: Place.nullable(),
  }),
});
