import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'get-customer',
  summary: 'Read one customer; of one that was merged, the one it was merged into',
  method: 'GET',
  path: '/api/v1/customer/{id}',
  impact: 'nobody can open a customer’s card',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: { 200: CustomerDto },
  problems: ['customer-not-found'],
});
