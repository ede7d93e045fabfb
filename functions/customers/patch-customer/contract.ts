import { CustomerChanges, CustomerPath } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'patch-customer',
  summary: 'Change a customer with a JSON Merge Patch (RFC 7396)',
  method: 'PATCH',
  path: '/api/v1/customer/{id}',
  impact: 'edits made at the desk or offline cannot be saved',
  permission: 'UPDATE_CUSTOMER',
  purpose: 'keep-data-accurate',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: CustomerChanges,
  precondition: 'required',
  answers: { 200: CustomerDto },
  problems: ['customer-not-found', 'duplicate-email', 'duplicate-phone', 'illegal-transition', 'merged-into'],
});
