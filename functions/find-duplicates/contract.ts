import * as z from 'zod';
import { ObjectIdText } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { CursorText, wholeNumber } from '#lib/contract/paging.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { REASONS } from '#lib/domain/duplicates.ts';
import { MATCH_KINDS } from '#lib/domain/match-texts.ts';

/** Two customers as large as can be, so often, fit into one answer. */
const LARGEST_PAGE = 50;

const DuplicatePair = z.object({
  customers: z
    .tuple([CustomerDto, CustomerDto])
    .meta({ description: 'The one with the smaller `_id` first.' }),
  score: z.int().min(0).max(100).meta({
    description: 'From 40, hardly, to 100. Two reasons say more than one; a family with one phone has 60.',
  }),
  reasons: z.array(z.enum(REASONS)).meta({
    description:
      'What speaks for it. Emails and phones are the same whatever way they are written. Who sees them masked is told ' +
      'whether they are the same, not whether they are nearly so.',
  }),
});

const DuplicatesPage = z
  .object({
    items: z.array(DuplicatePair),
    nextCursor: z.string().optional().meta({
      description:
        'Asks for what follows. Absent: nothing does. There may be few items or none while it is there.',
    }),
    tooCommon: z.array(z.enum(MATCH_KINDS)).optional().meta({
      description:
        'Something of this kind was the same with more than 20 customers, and nobody was compared because of it alone.',
    }),
  })
  .meta({ id: 'DuplicatesPage' });

export const contract = defineRoute({
  name: 'find-duplicates',
  summary: 'Pairs of live customers who may be one person',
  method: 'GET',
  path: '/api/v1/customer/duplicates',
  impact: 'nobody sees which customers were entered twice',
  permission: 'READ_CUSTOMER',
  purpose: 'keep-data-accurate',
  needs: ['database', 'keyring'],
  query: z
    .object({
      customerId: ObjectIdText.optional().meta({
        description: 'Only the pairs that this customer is in, the most alike first, without a cursor.',
      }),
      pageSize: wholeNumber(LARGEST_PAGE).default(20).meta({ description: 'The most that an answer has.' }),
      cursor: CursorText.optional().meta({ description: 'The `nextCursor` of an answer: goes on after it.' }),
    })
    .refine(({ customerId, cursor }) => customerId === undefined || cursor === undefined, {
      path: ['cursor'],
      message: 'goes through all customers: leave it or customerId out',
    }),
  answers: { 200: DuplicatesPage },
  problems: ['customer-not-found'],
});
