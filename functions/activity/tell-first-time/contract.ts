import * as z from 'zod';
import { Moment, ObjectIdText } from '#lib/contract/customer-draft.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { MOST_MISSES } from '#lib/domain/access/exact-questions.ts';

const MISSES =
  `The whole value. Roles that see emails and phones masked may ask for at most ${String(MOST_MISSES)} in an hour that no customer has. ` +
  'The next one is answered 429.';

export const contract = defineRoute({
  name: 'tell-first-time',
  summary: 'Tell whether a customer comes for the first time',
  method: 'GET',
  path: '/api/v1/customer/first-time',
  impact: 'bookings cannot offer what is for new customers only',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  query: z
    .object({
      customerId: ObjectIdText.optional().meta({
        description: 'An id of this service, or one by which an order names the customer.',
      }),
      email: z.string().max(254).optional().meta({ description: MISSES }),
      phone: z.string().max(50).optional().meta({ description: MISSES }),
      at: Moment.optional().meta({ description: 'When the order begins; now if absent.' }),
      exceptOrder: ObjectIdText.optional().meta({ description: 'The order that is asked for.' }),
    })
    .refine(
      ({ customerId, email, phone }) => [customerId, email, phone].some((sent) => sent !== undefined),
      'Send `customerId`, `email` or `phone`, or several: the first one that finds somebody counts.',
    ),
  answers: {
    200: z.object({
      firstTime: z.boolean().meta({
        description: 'No booked or done order begins before `at`, `exceptOrder` left out. True for nobody.',
      }),
      visits: z.int().meta({ description: 'How many orders are done.' }),
      _id: z.string().optional().meta({ description: 'The customer. Absent for nobody.' }),
    }),
  },
  problems: [],
});
