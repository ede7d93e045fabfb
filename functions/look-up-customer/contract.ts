import * as z from 'zod';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'look-up-customer',
  summary: 'The live customer with this email, else with this phone',
  method: 'GET',
  path: '/api/v1/customer/lookup',
  impact: 'bookings cannot tell a returning customer from a new one',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  query: z
    .object({ email: z.string().max(254).optional(), phone: z.string().max(50).optional() })
    .refine(
      ({ email, phone }) => email !== undefined || phone !== undefined,
      'Give an email, a phone, or both',
    ),
  answers: { 200: CustomerDto },
  problems: ['customer-not-found'],
});
