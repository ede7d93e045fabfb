import * as z from 'zod';
import { CUSTOMER_TYPES } from '#lib/domain/customer.ts';
import { WRITTEN_STATES } from '#lib/domain/customer-state.ts';
import { CustomerDto } from './customer-dto.ts';
import { Moment } from './customer-draft.ts';

const LARGEST_PAGE = 1_000;
const LAST_PAGE = 1_000_000;
const PHRASE_LENGTH = 300;
export const ORDERS = ['createdAt', 'updatedAt', 'name', 'firstName', 'lastName', 'id'] as const;

const wholeNumber = (most: number) => z.coerce.number().int().min(1).max(most);

/** Which customers, in which order, and which slice of them. Parameters it does not name are ignored. */
export const PageParameters = z.object({
  page: wholeNumber(LAST_PAGE).default(1),
  pageSize: wholeNumber(LARGEST_PAGE).default(20),
  orderBy: z.enum(ORDERS).default('createdAt'),
  orderDir: z.enum(['asc', 'desc']).default('desc'),
  phrase: z.string().max(PHRASE_LENGTH).optional().meta({
    description: 'Who sees emails and phones masked finds them as a whole only, never by a part.',
  }),
  state: z.enum(WRITTEN_STATES).optional().meta({ description: 'Absent: all, deleted too.' }),
  customerType: z.enum(CUSTOMER_TYPES).optional(),
  updatedSince: Moment.optional().meta({
    description: 'Also answers the purged ones, as deleted and without contact.',
  }),
});

export const CustomerPage = z
  .object({
    items: z.array(CustomerDto),
    totalSize: z.int(),
    resyncRequired: z.boolean().optional().meta({
      description: 'updatedSince is so long ago that purged customers may be missing: fetch everything anew.',
    }),
  })
  .meta({ id: 'CustomerPage' });
