import * as z from 'zod';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { MomentText } from '#lib/contract/customer-dto.ts';
import { wholeNumber } from '#lib/contract/paging.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import { CUSTOMER_STATES } from '#lib/domain/customers/customer-state.ts';

const LARGEST_PAGE = 500;

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
  reasonBlanked: z
    .literal(true)
    .optional()
    .meta({ description: 'There was a reason, and its text was erased.' }),
});

export const contract = defineRoute({
  name: 'get-customer-history',
  summary: 'Read what happened to a customer, as the server recorded it',
  method: 'GET',
  path: '/api/v1/customer/{id}/history',
  impact: 'the privacy officer cannot show who changed what',
  permission: 'READ_CUSTOMER_HISTORY',
  purpose: 'account-for-access',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  query: z.object({
    pageSize: wholeNumber(LARGEST_PAGE).default(100),
    cursor: z
      .string()
      .regex(/^\d{1,9}$/, 'This must be the `nextCursor` of an answer.')
      .optional(),
  }),
  answers: {
    200: z.object({
      items: z.array(HistoryEntry),
      verified: z.boolean().meta({ description: 'Whether the whole history is as it was written.' }),
      nextCursor: z.string().optional(),
    }),
  },
  problems: ['customer-not-found'],
});
