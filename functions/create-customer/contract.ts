import { creation } from '#lib/contract/customer-writes.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'create-customer',
  summary: 'Create a customer; sent again with the same _id, it answers 200',
  method: 'POST',
  path: '/api/v1/customer',
  impact: 'nobody can register; bookings with a new customer fail',
  purpose: 'manage-relationship',
  needs: ['database', 'keyring'],
  ...creation,
});
