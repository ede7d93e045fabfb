import * as z from 'zod';
import { AttendeeDto, orderParameters, PayerDto, SnapshotUse } from '#lib/contract/attendee-dto.ts';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'get-snapshot',
  summary:
    'Take a copy of a customer for an order or a payment; for a merged one, of the customer it was merged into',
  method: 'GET',
  path: '/api/v1/customer/{id}/snapshot',
  impact: 'orders and payments cannot name their customers',
  permission: 'READ_CUSTOMER_SNAPSHOT',
  purpose: 'serve-order',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  query: z.object({ as: SnapshotUse, ...orderParameters }),
  answers: { 200: z.union([AttendeeDto, PayerDto]) },
  problems: ['customer-not-found'],
});
