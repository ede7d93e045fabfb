import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { ErasureReceipt } from '#lib/contract/erasure-receipt.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'get-erasure',
  summary: 'Read the receipt of an erasure, or of a purge, by the id that the customer had',
  method: 'GET',
  path: '/api/v1/customer/erasures/{id}',
  impact: 'nobody can show that a person was forgotten',
  permission: 'MANAGE_CUSTOMER_PRIVACY',
  purpose: 'honour-privacy-rights',
  needs: ['database'],
  params: CustomerPath,
  answers: { 200: ErasureReceipt },
  problems: ['customer-not-found'],
});
