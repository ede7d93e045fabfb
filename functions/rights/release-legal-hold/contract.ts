import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { LegalHoldDto } from '#lib/contract/legal-hold-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'release-legal-hold',
  summary:
    'End the legal hold of a customer and those merged into it; the next run purges those that are due',
  method: 'DELETE',
  path: '/api/v1/customer/{id}/legal-hold',
  impact: 'legal holds cannot be ended, and held customers are kept longer than they may be',
  permission: 'MANAGE_CUSTOMER_PRIVACY',
  purpose: 'keep-for-law',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: { 200: LegalHoldDto },
  problems: ['customer-not-found'],
});
