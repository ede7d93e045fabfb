import * as z from 'zod';
import { CustomerPath, ReasonText, SettableState } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'set-customer-state',
  summary: 'Move a customer to another state',
  method: 'POST',
  path: '/api/v1/customer/{id}/state',
  impact: 'customers cannot be suspended, archived or activated again',
  permission: 'UPDATE_CUSTOMER',
  purpose: 'manage-relationship',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: z.strictObject({ state: SettableState, reason: ReasonText.optional() }),
  precondition: 'required',
  answers: { 200: CustomerDto },
  problems: ['customer-not-found', 'duplicate-email', 'duplicate-phone', 'illegal-transition', 'merged-into'],
});
