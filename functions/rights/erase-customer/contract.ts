import * as z from 'zod';
import { CustomerPath, RequiredReason } from '#lib/contract/customer-draft.ts';
import { ErasureReceipt } from '#lib/contract/erasure-receipt.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { ERASURE_GROUNDS } from '#lib/domain/rights/erasure.ts';

const DryRun = z
  .object({
    dryRun: z.literal(true),
    held: z.boolean().meta({ description: 'Whether a legal hold forbids the erasure.' }),
    places: z.array(
      z.object({
        place: z.string(),
        found: z
          .int()
          .optional()
          .meta({ description: 'Absent where nothing is counted, because it is kept.' }),
        then: z.enum(['deleted', 'blanked', 'kept']),
        why: z.string().optional(),
      }),
    ),
    merged: z
      .array(z.string())
      .meta({ description: 'The customers that were merged into this one. They are erased too.' }),
  })
  .meta({ id: 'ErasureDryRun' });

export const contract = defineRoute({
  name: 'erase-customer',
  summary: 'Erase a customer for good, with everybody who was merged into it; or count what would be erased',
  method: 'POST',
  path: '/api/v1/customer/{id}/erase',
  impact: 'people who want to be forgotten are not',
  permission: 'MANAGE_CUSTOMER_PRIVACY',
  purpose: 'honour-privacy-rights',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: z.strictObject({
    reason: RequiredReason.meta({ description: 'It is stored encrypted, and removed with the rest.' }),
    ground: z.enum(ERASURE_GROUNDS).default('request'),
    dryRun: z.boolean().default(false).meta({ description: 'Count everything and write nothing.' }),
  }),
  precondition: 'optional',
  answers: { 200: z.union([ErasureReceipt, DryRun]), 202: ErasureReceipt },
  problems: ['customer-not-found', 'merged-into', 'legal-hold'],
});
