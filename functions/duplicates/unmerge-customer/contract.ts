import * as z from 'zod';
import { CustomerPath, ObjectIdText } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { DETAILS } from '#lib/domain/customers/customer-details.ts';

const names = (description: string) => z.array(z.enum(DETAILS)).meta({ description });

export const contract = defineRoute({
  name: 'unmerge-customer',
  summary: 'Undo a merge within 30 days',
  method: 'POST',
  path: '/api/v1/customer/{id}/unmerge',
  impact: 'customers that were merged by mistake cannot be separated',
  permission: 'MERGE_CUSTOMER',
  purpose: 'keep-data-accurate',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: z.strictObject({
    loserId: ObjectIdText.meta({
      description: 'The customer that was merged into this one. It gets its own email and phone back.',
    }),
    dryRun: z
      .boolean()
      .default(false)
      .meta({ description: 'Answer what undoing the merge would do, but write nothing.' }),
  }),
  answers: {
    200: z.object({
      customer: CustomerDto,
      restored: CustomerDto,
      returned: names('The fields that have their value from before the merge again.'),
      kept: names('The fields that the merge set and that stay, because they were changed since.'),
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
