import * as z from 'zod';
import { ObjectIdText } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { CursorText, wholeNumber } from '#lib/contract/paging.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { REASONS } from '#lib/domain/duplicates/likeness.ts';
import { MATCH_KINDS } from '#lib/domain/duplicates/match-texts.ts';

/** This many pairs fit into one answer even if every customer has the largest size. */
const LARGEST_PAGE = 50;

const DuplicatePair = z.object({
  customers: z.array(CustomerDto).length(2).meta({ description: 'The one with the smaller `_id` first.' }),
  score: z.int().min(0).max(100).meta({
    description:
      'From 40 (unlikely) to 100. More reasons give a higher score; for example, a family that shares one phone has 60.',
  }),
  reasons: z.array(z.enum(REASONS)).meta({
    description:
      'Why the two may be the same person. Different spellings of the same email or phone count as the same. Roles that ' +
      'see them masked learn only whether they are the same, not whether they are similar.',
  }),
});

const DuplicatesPage = z
  .object({
    items: z.array(DuplicatePair),
    nextCursor: z.string().optional().meta({
      description:
        'Send it as `cursor` to read the next page. Absent on the last page. A page before it may have few items or none.',
    }),
    tooCommon: z.array(z.enum(MATCH_KINDS)).optional().meta({
      description:
        'Values shared by more than 20 customers are not used for matching; this lists their kinds.',
    }),
  })
  .meta({ id: 'DuplicatesPage' });

export const contract = defineRoute({
  name: 'find-duplicates',
  summary: 'List pairs of live customers who may be the same person',
  method: 'GET',
  path: '/api/v1/customer/duplicates',
  impact: 'staff cannot see which customers were entered twice',
  permission: 'READ_CUSTOMER',
  purpose: 'keep-data-accurate',
  needs: ['database', 'keyring'],
  query: z
    .object({
      customerId: ObjectIdText.optional().meta({
        description:
          'Only the pairs of this customer, highest score first. It cannot be combined with `cursor`.',
      }),
      pageSize: wholeNumber(LARGEST_PAGE)
        .default(20)
        .meta({ description: 'The most pairs that an answer has.' }),
      cursor: CursorText.optional().meta({
        description: 'The `nextCursor` of an answer, to read the next page.',
      }),
    })
    .refine(({ customerId, cursor }) => customerId === undefined || cursor === undefined, {
      path: ['cursor'],
      message: 'Send either `customerId` or `cursor`, not both.',
    }),
  answers: { 200: DuplicatesPage },
  problems: ['customer-not-found'],
});
