import * as z from 'zod';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'delete-customer',
  summary: 'Delete a customer; it can be restored until it is purged',
  method: 'DELETE',
  path: '/api/v1/customer/{id}',
  impact: 'customers cannot be deleted',
  permission: 'DELETE_CUSTOMER',
  purpose: 'manage-relationship',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: { 200: z.object({ _id: z.string(), state: z.literal('deleted') }) },
  problems: [],
});
