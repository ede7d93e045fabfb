import * as z from 'zod';
import { CUSTOMER_TYPES } from '#lib/domain/customer.ts';
import { WRITTEN_STATES } from '#lib/domain/customer-state.ts';
import { CustomerDto } from './customer-dto.ts';
import { Moment } from './customer-draft.ts';

const LARGEST_PAGE = 1_000;
const LAST_PAGE = 1_000_000;
const PHRASE_LENGTH = 300;
/** A cursor holds a sort key: the longest names, unfolded by the widest letters there are, make 4,500 characters. */
const CURSOR_LENGTH = 5_000;
export const ORDERS = ['createdAt', 'updatedAt', 'name', 'firstName', 'lastName', 'id'] as const;

/** From 1 on, as a query writes it. */
export const wholeNumber = (most: number) => z.coerce.number().int().min(1).max(most);

/** What an answer called `nextCursor`. */
export const CursorText = z
  .string()
  .regex(/^[\w-]+$/, 'must be the nextCursor of an answer')
  .max(CURSOR_LENGTH);

/** Which customers, in which order, and which slice of them. Parameters it does not name are ignored. */
export const PageParameters = z
  .object({
    page: wholeNumber(LAST_PAGE).optional().meta({
      description:
        'Absent: the first. A far one costs more than a near one; a cursor costs the same anywhere.',
    }),
    pageSize: wholeNumber(LARGEST_PAGE).default(20).meta({
      description: 'Exactly so many if there are. It may differ from page to page.',
    }),
    cursor: CursorText.optional().meta({
      description:
        'The `nextCursor` of an answer, in place of `page`, with the same filters and order: goes on after it. ' +
        'Nobody comes twice or is missed who is there all the time and keeps the place in the order.',
    }),
    orderBy: z.enum(ORDERS).default('createdAt').meta({ description: '`name` is `lastName`.' }),
    orderDir: z.enum(['asc', 'desc']).default('desc'),
    phrase: z
      .string()
      .max(PHRASE_LENGTH)
      .optional()
      .meta({
        description:
          'Every word is the beginning of a name, the email or the phone, or the last four or more digits of the phone. ' +
          'Its first 32 characters count; among emails, of one longer than 12, its first 12, 16, 24 or 32. ' +
          'Who sees emails and phones masked finds them as a whole only, never by a part.',
      }),
    state: z.enum(WRITTEN_STATES).optional().meta({ description: 'Absent: all, deleted too.' }),
    customerType: z.enum(CUSTOMER_TYPES).optional(),
    updatedSince: Moment.optional().meta({
      description: 'Also answers the purged ones, as deleted and without contact, after all others.',
    }),
  })
  .refine(({ page, cursor }) => page === undefined || cursor === undefined, {
    path: ['cursor'],
    message: 'stands in place of page: leave one of them out',
  });

export const CustomerPage = z
  .object({
    items: z.array(CustomerDto),
    totalSize: z
      .int()
      .meta({ description: 'With a cursor: as many as there were on the page it began from.' }),
    nextCursor: z.string().optional().meta({
      description: 'Asks for what follows. Absent: nothing does.',
    }),
    resyncRequired: z.boolean().optional().meta({
      description: 'updatedSince is so long ago that purged customers may be missing: fetch everything anew.',
    }),
  })
  .meta({ id: 'CustomerPage' });
