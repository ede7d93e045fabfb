import * as z from 'zod';
import { CustomerPath, ObjectIdText } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { DETAILS } from '#lib/domain/customer.ts';

const names = (description: string) => z.array(z.enum(DETAILS)).meta({ description });

export const contract = defineRoute({
  name: 'unmerge-customer',
  summary: 'Undo a merge, within 30 days',
  method: 'POST',
  path: '/api/v1/customer/{id}/unmerge',
  impact: 'two people who were taken for one cannot be told apart again',
  permission: 'MERGE_CUSTOMER',
  purpose: 'keep-data-accurate',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: z.strictObject({
    loserId: ObjectIdText.meta({ description: 'Who was merged into this customer.' }),
    dryRun: z.boolean().default(false).meta({ description: 'Answer what would be, and write nothing.' }),
  }),
  answers: {
    200: z.object({
      customer: CustomerDto,
      restored: CustomerDto,
      returned: names('The fields that are again what they were before the merge.'),
      kept: names('The fields that came by the merge and stay, as somebody has changed them since.'),
    }),
  },
  problems: ['customer-not-found', 'duplicate-email', 'duplicate-phone', 'illegal-transition'],
});
