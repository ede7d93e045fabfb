import { ActivityParameters, StatusText } from '#lib/contract/activity-page.ts';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { PaymentPage } from '#lib/contract/payments-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'find-payments',
  summary: 'List the payments of a customer, newest first, with what was paid in each currency',
  method: 'GET',
  path: '/api/v1/customer/{id}/payments',
  impact: 'staff cannot see what a customer paid, and how',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  query: ActivityParameters.extend({
    method: StatusText.optional().meta({ description: 'For example `CASH` or `CARD`.' }),
  }),
  answers: { 200: PaymentPage },
  problems: ['customer-not-found'],
});
