import { deletion } from '#lib/contract/customer-writes.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'delete-customer',
  summary: 'Delete a customer; it can be restored until it is purged',
  method: 'DELETE',
  path: '/api/v1/customer/{id}',
  impact: 'customers cannot be deleted',
  purpose: 'manage-relationship',
  needs: ['database', 'keyring'],
  ...deletion,
});
