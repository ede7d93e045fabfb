import { PaymentInput } from '#lib/contract/activity-events.ts';
import { defineQueue } from '#lib/contract/queue.ts';

export const contract = defineQueue({
  name: 'record-payment',
  summary: 'Record a payment for the customer who paid; a payer who is not known yet becomes a customer',
  impact: 'customers do not show their newest payments, and what they have spent is not up to date',
  sources: ['beeoclock.payment'],
  types: ['beeoclock.payment.changed.v1'],
  permission: 'RECORD_CUSTOMER_ACTIVITY',
  purpose: 'serve-order',
  needs: ['database', 'keyring'],
  input: PaymentInput,
});
