import * as z from 'zod';
import { MOST_MISSES } from '#lib/domain/access/exact-questions.ts';
import { CUSTOMER_TYPES } from '#lib/domain/customers/customer-details.ts';
import { WRITTEN_STATES } from '#lib/domain/customers/customer-state.ts';
import { CustomerDto } from './customer-dto.ts';
import { Moment } from './customer-draft.ts';

const LARGEST_PAGE = 1_000;
const LAST_PAGE = 1_000_000;
const PHRASE_LENGTH = 300;
/** A cursor contains a sort key. The longest names in the widest letters make 4,500 characters. */
const CURSOR_LENGTH = 5_000;
export const ORDERS = ['createdAt', 'updatedAt', 'name', 'firstName', 'lastName', 'id'] as const;

const DECIMAL_DIGITS = /^\d+$/;

/** A whole number from 1 to `most` in a query, in decimal digits only: `0x10`, `1e2` and `1.0` are none. */
export const wholeNumber = (most: number) => {
  const message = `This must be a whole number from 1 to ${String(most)}.`;
  return z.preprocess(
    (sent) => (typeof sent === 'string' && DECIMAL_DIGITS.test(sent) ? Number(sent) : sent),
    z.int(message).min(1, message).max(most, message),
  );
};

/** The `nextCursor` of an answer. */
export const CursorText = z
  .string()
  .regex(/^[\w-]+$/, 'This must be the `nextCursor` of an answer.')
  .max(CURSOR_LENGTH);

/** Which customers to return, in which order, and which page of them. An empty parameter is an absent one. */
export const PageParameters = z
  .object({
    page: wholeNumber(LAST_PAGE).optional().meta({
      description:
        'The first page if absent. Later pages cost more than early ones; a cursor costs the same everywhere.',
    }),
    pageSize: wholeNumber(LARGEST_PAGE).default(20).meta({
      description:
        'Every page but the last has exactly this many customers. It may change from page to page.',
    }),
    cursor: CursorText.optional().meta({
      description:
        'The `nextCursor` of an answer. It replaces `page`: send it with the same filters and order to read the next page. ' +
        'A customer that exists throughout, and keeps its position, is returned exactly once.',
    }),
    orderBy: z.enum(ORDERS).default('createdAt').meta({ description: '`name` sorts by `lastName`.' }),
    orderDir: z.enum(['asc', 'desc']).default('desc'),
    phrase: z
      .string()
      .max(PHRASE_LENGTH)
      .optional()
      .meta({
        description:
          'Every word must be the beginning of a name, of the email or of the phone (with its country code, or as dialled ' +
          'at home), or the last four or more digits of the phone. Words end at white space, commas, semicolons, colons, quotes and brackets, and other signs around ' +
          'a word are ignored. Four or more digits with only spaces and `+ ( ) - . /` between them are one phone, anywhere ' +
          'in the phrase. `tel:` and `mailto:` are ignored. Case, accents and the usual spellings of a name make no ' +
          'difference: `mueller` and `muller` find Müller, `soeren` finds Søren, `алена` finds Алёна. ' +
          'Only the first 32 characters of a word count; in emails, of a word longer than 12, only the ' +
          'first 12, 16, 24 or 32. Roles that see emails and phones masked find them only by the whole value, and ' +
          `at most ${String(MOST_MISSES)} of these searches and look-ups in an hour may find no customer. The next one is answered 429.`,
      }),
    state: z
      .enum(WRITTEN_STATES)
      .optional()
      .meta({ description: 'All states if absent, including deleted.' }),
    customerType: z.enum(CUSTOMER_TYPES).optional(),
    updatedSince: Moment.optional().meta({
      description:
        'Only customers changed since then. Because clocks differ, it looks 15 minutes further back, and never later than ' +
        '15 minutes ago. Purged customers come last, as deleted and without contact data.',
    }),
  })
  .refine(({ page, cursor }) => page === undefined || cursor === undefined, {
    path: ['cursor'],
    message: 'Send either `page` or `cursor`, not both.',
  });

export const CustomerPage = z
  .object({
    items: z.array(CustomerDto),
    totalSize: z.int().meta({
      description:
        'How many customers match. With a cursor, the number from the page where the cursor started.',
    }),
    nextCursor: z.string().optional().meta({
      description: 'Send it as `cursor` to read the next page. Absent on the last page.',
    }),
    resyncRequired: z.boolean().optional().meta({
      description:
        '`updatedSince` is so long ago that purged customers may be missing. Fetch everything again.',
    }),
  })
  .meta({ id: 'CustomerPage' });
