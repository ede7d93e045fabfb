import * as z from 'zod';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { MomentText } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { ROLES } from '#lib/domain/actor.ts';
import { CUSTOMER_STATES } from '#lib/domain/customer-state.ts';

const HistoryEntry = z.object({
  seq: z.int(),
  at: MomentText,
  actor: z.string(),
  role: z.enum(ROLES).optional(),
  purpose: z.string(),
  requestId: z.string(),
  action: z.string(),
  fields: z.array(z.string()).meta({ description: 'Names of fields, never values.' }),
  from: z.enum(CUSTOMER_STATES).optional(),
  to: z.enum(CUSTOMER_STATES).optional(),
  reason: z.string().optional(),
});

export const contract = defineRoute({
  name: 'get-customer-history',
  summary: 'What happened to a customer, as the server recorded it',
  method: 'GET',
  path: '/api/v1/customer/{id}/history',
  impact: 'the privacy officer cannot show who changed what',
  permission: 'READ_CUSTOMER_HISTORY',
  purpose: 'account-for-access',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  query: z.object({
    pageSize: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z
      .string()
      .regex(/^\d{1,9}$/, 'must be the nextCursor of an answer')
      .optional(),
  }),
  answers: {
    200: z.object({
      items: z.array(HistoryEntry),
      verified: z.boolean().meta({ description: 'Whether the whole record is as it was written.' }),
      nextCursor: z.string().optional(),
    }),
  },
  problems: ['customer-not-found'],
});
