import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'restore-customer',
  summary: 'Restore a deleted customer to the state that it was deleted from',
  method: 'POST',
  path: '/api/v1/customer/{id}/restore',
  impact: 'customers that were deleted by mistake cannot be restored',
  permission: 'DELETE_CUSTOMER',
  purpose: 'manage-relationship',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: { 200: CustomerDto },
  problems: ['customer-not-found', 'duplicate-email', 'duplicate-phone', 'illegal-transition', 'merged-into'],
});
