import * as z from 'zod';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { defineQueue } from '#lib/contract/queue.ts';

export const contract = defineQueue({
  name: 'confirm-erasure',
  summary: 'Note in the receipt of an erasure that another service has removed its copies too',
  impact: 'nobody can show which services have removed their copies of an erased customer',
  sources: 'any-other',
  types: ['beeoclock.customer.erasure-confirmed.v1'],
  permission: 'RECORD_CUSTOMER_ACTIVITY',
  purpose: 'honour-privacy-rights',
  needs: ['database'],
  input: z.object({ erasureId: CustomerPath.shape.id }),
});
