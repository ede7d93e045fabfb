import { ActivityParameters } from '#lib/contract/activity-page.ts';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { OrderPage } from '#lib/contract/orders-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'find-orders',
  summary: 'List the orders of a customer, newest first, with what they amount to',
  method: 'GET',
  path: '/api/v1/customer/{id}/orders',
  impact: 'staff cannot see what a customer booked, and when',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  query: ActivityParameters,
  answers: { 200: OrderPage },
  problems: ['customer-not-found'],
});
