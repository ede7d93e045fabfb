import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'get-customer',
  summary: 'Read one customer; for a merged one, the customer it was merged into',
  method: 'GET',
  path: '/api/v1/customer/{id}',
  impact: 'staff cannot open the record of a customer',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: { 200: CustomerDto },
  problems: ['customer-not-found'],
});
