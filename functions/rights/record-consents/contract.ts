import * as z from 'zod';
import { ConsentDraft, ConsentDto, MOST_STATEMENTS } from '#lib/contract/consents-dto.ts';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'record-consents',
  summary: 'Record what a customer allows or refuses',
  method: 'PUT',
  path: '/api/v1/customer/{id}/consents',
  impact: 'a refusal of a customer cannot be recorded',
  permission: 'RECORD_CONSENT',
  purpose: 'record-consent',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: z.strictObject({
    consents: z
      .array(ConsentDraft)
      .min(1)
      .max(MOST_STATEMENTS)
      .meta({
        description:
          'Entries are only added. For each purpose and channel, the newest `givenAt` decides; of two at the same time, the ' +
          'refusal. An entry that is kept already adds nothing. Either all entries are recorded or none.',
      }),
  }),
  answers: {
    200: z.object({
      current: z.array(ConsentDto).meta({ description: 'What is in effect, for each purpose and channel.' }),
      added: z.int().meta({ description: 'How many entries were new.' }),
    }),
  },
  problems: ['customer-not-found', 'suppressed', 'illegal-transition'],
});
