import * as z from 'zod';
import { AttendeeDraft } from '#lib/contract/attendee-draft.ts';
import { AttendeeDto, MOST_SNAPSHOTS, orderParameters } from '#lib/contract/attendee-dto.ts';
import { Problem } from '#lib/contract/problem-body.ts';
import { defineRoute } from '#lib/contract/route.ts';

const Result = z.object({
  status: z.literal([200, 201, 400, 404]).meta({
    description:
      '200: found. 201: added. 400: nobody is found, and no customer can be made of it. 404: it was erased or purged here.',
  }),
  attendee: z
    .union([AttendeeDraft, AttendeeDto])
    .optional()
    .meta({ description: 'Somebody anonymous comes back as sent.' }),
  error: Problem.optional(),
});

export const contract = defineRoute({
  name: 'find-attendees',
  summary: 'Find or create the customers of an order, with a result for each',
  method: 'POST',
  path: '/api/v1/customer/attendees',
  impact: 'orders of new customers fail, and orders cannot name their customers',
  permission: 'RECORD_CUSTOMER_ACTIVITY',
  purpose: 'serve-order',
  needs: ['database', 'keyring'],
  alsoReads: true,
  timeoutSeconds: 29,
  bodyLimitBytes: 1024 * 1024,
  body: z.strictObject({
    attendees: z
      .array(AttendeeDraft)
      .min(1)
      .max(MOST_SNAPSHOTS)
      .meta({
        description:
          'Each is found by its id, else by its email, else by its phone. A person who is not found becomes a customer: `regular` where ' +
          'the rule of the business is met, else `unregistered`, under its id if that is free. An existing customer is never changed.',
      }),
    ...orderParameters,
  }),
  answers: {
    200: z.object({ results: z.array(Result).meta({ description: 'In the order of `attendees`.' }) }),
  },
  problems: ['page-too-large'],
});
