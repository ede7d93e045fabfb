import { OrderInput } from '#lib/contract/activity-events.ts';
import { defineQueue } from '#lib/contract/queue.ts';

export const contract = defineQueue({
  name: 'record-order',
  summary: 'Record what an order is for the customers that it names; who is not known yet becomes a customer',
  impact: 'customers do not show their newest orders and visits, and who books for the first time is missing',
  sources: ['beeoclock.order'],
  types: ['beeoclock.order.changed.v1'],
  permission: 'RECORD_CUSTOMER_ACTIVITY',
  purpose: 'serve-order',
  needs: ['database', 'keyring'],
  input: OrderInput,
});
