import { creation } from '#lib/contract/customer-writes.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'create-customer',
  summary: 'Create a customer; the same _id again answers 200',
  method: 'POST',
  path: '/api/v1/customer',
  impact: 'new customers cannot be registered, and bookings with a new customer fail',
  purpose: 'manage-relationship',
  needs: ['database', 'keyring'],
  ...creation,
});
