import * as z from 'zod';
import { defineRoute } from '#lib/contract/route.ts';

/** The longest token has the longest purpose, of 40 characters. */
const LONGEST_TOKEN = 200;

export const contract = defineRoute({
  name: 'unsubscribe',
  summary: 'Take back what the link in a message is about: one purpose by one channel (RFC 8058)',
  method: 'POST',
  path: '/api/v1/customer/unsubscribe',
  impact: 'a person who follows the unsubscribe link of a message keeps receiving more',
  openBecause:
    'The token in the link is signed by the service and says for whom and for what it may be used: who unsubscribes has no login.',
  purpose: 'record-consent',
  needs: ['database', 'keyring'],
  query: z.object({
    token: z
      .string()
      .regex(/^[\w-]+$/, 'This must be the token of an unsubscribe link.')
      .max(LONGEST_TOKEN)
      .meta({
        description:
          'The `unsubscribe` of a recipient. Other parameters and any body are ignored. Using it again changes nothing.',
      }),
  }),
  answers: { 200: z.object({ unsubscribed: z.literal(true) }) },
  problems: ['invalid-request', 'rate-limited', 'database-unavailable'],
});
