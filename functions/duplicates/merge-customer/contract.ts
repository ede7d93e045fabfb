import * as z from 'zod';
import { CustomerPath, ObjectIdText, ReasonText } from '#lib/contract/customer-draft.ts';
import { CustomerDto, MomentText } from '#lib/contract/customer-dto.ts';
import { DeletedCustomer } from '#lib/contract/customer-writes.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { DETAILS } from '#lib/domain/customers/customer-details.ts';
import { SIDES } from '#lib/domain/duplicates/merge.ts';

const side = z.enum(SIDES).optional();

export const contract = defineRoute({
  name: 'merge-customer',
  summary: 'Merge another customer into this one; it can be undone for 30 days',
  method: 'POST',
  path: '/api/v1/customer/{id}/merge',
  impact: 'two records of the same person cannot be merged',
  permission: 'MERGE_CUSTOMER',
  purpose: 'keep-data-accurate',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: z.strictObject({
    loserId: ObjectIdText.meta({
      description:
        'The customer that is merged into this one and then deleted. Its id, email, phone and names lead to this customer ' +
        'from then on, and its email and phone stay taken.',
    }),
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
          'Whose value to keep, by field. If absent, the value of the survivor if it has one; two notes are joined if they fit.',
      }),
    reason: ReasonText.optional(),
    dryRun: z
      .boolean()
      .default(false)
      .meta({ description: 'Answer what the merge would do, but write nothing.' }),
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
  problems: [
    'customer-not-found',
    'duplicate-email',
    'duplicate-phone',
    'illegal-transition',
    'legal-hold',
    'in-archive',
  ],
});
