import * as z from 'zod';
import { ConsentDto } from '#lib/contract/consents-dto.ts';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { CursorText, wholeNumber } from '#lib/contract/paging.ts';
import { defineRoute } from '#lib/contract/route.ts';

const LARGEST_PAGE = 500;

export const contract = defineRoute({
  name: 'get-consents',
  summary: 'Read what a customer allowed and refused, and what of it is in effect',
  method: 'GET',
  path: '/api/v1/customer/{id}/consents',
  impact: 'staff cannot see whether a customer may be contacted',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  query: z.object({
    pageSize: wholeNumber(LARGEST_PAGE).default(100),
    cursor: CursorText.optional(),
  }),
  answers: {
    200: z.object({
      current: z.array(ConsentDto).meta({ description: 'What is in effect, for each purpose and channel.' }),
      history: z.array(ConsentDto).meta({ description: 'All entries, the newest statement first.' }),
      nextCursor: z.string().optional(),
    }),
  },
  problems: ['customer-not-found'],
});
