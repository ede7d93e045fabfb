import * as z from 'zod';
import type { Spend } from '#lib/domain/activity/counts.ts';
import { toMajor } from '#lib/domain/activity/currencies.ts';
import { Moment } from './customer-draft.ts';
import { MomentText } from './customer-dto.ts';
import { CursorText, wholeNumber } from './paging.ts';

const LARGEST_PAGE = 200;
const STATUS_LENGTH = 60;

/** A status or a method as another service names it. The service tolerates unknown ones. */
export const StatusText = z.string().max(STATUS_LENGTH);

/** Which orders or payments of a customer to return, and which page of them. */
export const ActivityParameters = z.object({
  status: StatusText.optional().meta({ description: 'As the service that sent it names it.' }),
  from: Moment.optional().meta({ description: 'Not before this moment.' }),
  to: Moment.optional().meta({ description: 'Before this moment.' }),
  pageSize: wholeNumber(LARGEST_PAGE).default(20),
  cursor: CursorText.optional().meta({
    description:
      'The `nextCursor` of an answer, with the same filters. Any depth costs what the first page costs.',
  }),
});

/** What was paid in one currency. */
export const SpendDto = z
  .object({
    currency: z.string(),
    paid: z.number().meta({ description: 'All that was paid, also what was refunded later.' }),
    refunded: z.number(),
    payments: z.int(),
  })
  .meta({ id: 'Spend', description: 'Amounts in the major unit, for example euros.' });

/** What was paid in one currency, as it is answered. */
export const toSpendDto = ({ currency, paid, refunded, payments }: Spend): z.input<typeof SpendDto> => ({
  currency,
  paid: toMajor(paid, currency),
  refunded: toMajor(refunded, currency),
  payments,
});

/** The cursor of the next page, in an answer. */
export const nextCursor = z.string().optional().meta({
  description: 'Send it as `cursor` to read the next page. Absent on the last page.',
});

/** In an answer: something is not listed, because the customer is in the archive. */
export const inArchive = z.literal(true).optional().meta({
  description:
    'Present while the customer is in the archive: only what came since then is listed. A recall brings back the rest.',
});

/** A moment of an answer that may be unknown. */
export const MaybeMoment = MomentText.nullable();

/** A moment as it is answered; null if it is not known. */
export const momentOrNull = (moment: Date | null): string | null => moment?.toISOString() ?? null;
