import * as z from 'zod';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { LegalHoldDto } from '#lib/contract/legal-hold-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'get-legal-hold',
  summary: 'Read whether a customer is under a legal hold, since when and why',
  method: 'GET',
  path: '/api/v1/customer/{id}/legal-hold',
  impact: 'the privacy officer cannot see which customers are under a legal hold',
  permission: 'MANAGE_CUSTOMER_PRIVACY',
  purpose: 'keep-for-law',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: {
    200: LegalHoldDto.extend({
      reason: z.string().optional().meta({ description: 'Why. Absent if it is not held.' }),
    }),
  },
  problems: ['customer-not-found'],
});
