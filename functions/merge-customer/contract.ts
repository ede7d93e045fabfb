import * as z from 'zod';
import { CustomerPath, ObjectIdText, ReasonText } from '#lib/contract/customer-draft.ts';
import { CustomerDto, MomentText } from '#lib/contract/customer-dto.ts';
import { DeletedCustomer } from '#lib/contract/customer-writes.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { DETAILS } from '#lib/domain/customer.ts';
import { SIDES } from '#lib/domain/merge.ts';

const side = z.enum(SIDES).optional();

export const contract = defineRoute({
  name: 'merge-customer',
  summary: 'Merge another customer into this one; for 30 days it can be undone',
  method: 'POST',
  path: '/api/v1/customer/{id}/merge',
  impact: 'two records of one person cannot be made one',
  permission: 'MERGE_CUSTOMER',
  purpose: 'keep-data-accurate',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: z.strictObject({
    loserId: ObjectIdText.meta({ description: 'Who goes into this customer, and is deleted.' }),
    fields: z
      .strictObject({
        firstName: side,
        lastName: side,
        phone: side,
        email: side,
        note: side,
        customerType: side,
      })
      .optional()
      .meta({
        description:
          'Whose value stays. Absent: the survivor’s where it has one; of two notes both, where they fit.',
      }),
    reason: ReasonText.optional(),
    dryRun: z.boolean().default(false).meta({ description: 'Answer what would be, and write nothing.' }),
  }),
  precondition: 'optional',
  answers: {
    200: z.object({
      customer: CustomerDto,
      loser: DeletedCustomer,
      taken: z.array(z.enum(DETAILS)).meta({ description: 'The fields that came from the loser.' }),
      dryRun: z.boolean(),
      undoUntil: MomentText,
    }),
  },
  problems: ['customer-not-found', 'duplicate-email', 'duplicate-phone', 'illegal-transition', 'legal-hold'],
});
