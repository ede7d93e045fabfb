import * as z from 'zod';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { MOST_MISSES } from '#lib/domain/access/exact-questions.ts';
import { defineRoute } from '#lib/contract/route.ts';

const MISSES =
  `The whole value. Roles that see emails and phones masked may ask for at most ${String(MOST_MISSES)} in an hour that no customer has. ` +
  'The next one is answered 429. A value of a merged customer finds the customer it was merged into.';

export const contract = defineRoute({
  name: 'look-up-customer',
  summary: 'Find the live customer with this email, or else with this phone',
  method: 'GET',
  path: '/api/v1/customer/lookup',
  impact: 'bookings cannot tell a returning customer from a new one',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  query: z
    .object({
      email: z.string().max(254).optional().meta({ description: MISSES }),
      phone: z
        .string()
        .max(50)
        .optional()
        .meta({
          description: `${MISSES} With its country code, or as dialled in the country of the business.`,
        }),
    })
    .refine(
      ({ email, phone }) => email !== undefined || phone !== undefined,
      'Send `email`, `phone` or both.',
    ),
  answers: { 200: CustomerDto },
  problems: ['customer-not-found'],
});
