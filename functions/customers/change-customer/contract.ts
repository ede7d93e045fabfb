import { change } from '#lib/contract/customer-writes.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'change-customer',
  summary: 'Set the fields that are sent; the others stay as they are',
  method: 'PUT',
  path: '/api/v1/customer/{id}',
  impact: 'edits made at the desk or offline cannot be saved',
  purpose: 'keep-data-accurate',
  needs: ['database', 'keyring'],
  precondition: 'optional',
  ...change,
});
