import * as z from 'zod';
import { CustomerPath, RequiredReason } from '#lib/contract/customer-draft.ts';
import { LegalHoldDto } from '#lib/contract/legal-hold-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'place-legal-hold',
  summary:
    'Put a customer and those merged into it under a legal hold: none is purged; or replace the reason',
  method: 'PUT',
  path: '/api/v1/customer/{id}/legal-hold',
  impact: 'customers that a court or an authority asks for cannot be protected from the purge',
  permission: 'MANAGE_CUSTOMER_PRIVACY',
  purpose: 'keep-for-law',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: z.strictObject({
    reason: RequiredReason.meta({
      description: 'Why the customer must be kept. It is stored encrypted, here and in the history.',
    }),
  }),
  answers: { 200: LegalHoldDto },
  problems: ['customer-not-found'],
});
