import * as z from 'zod';
import { defineRoute } from '#lib/contract/route.ts';
import { CUSTOMER_TYPES } from '#lib/domain/customer.ts';
import { CUSTOMER_STATES } from '#lib/domain/customer-state.ts';

/** A day in UTC on the wire, `YYYY-MM-DD`; the moment it begins inside. */
const Day = z.iso.date().pipe(z.coerce.date());

const CustomerStatistics = z
  .object({
    byType: z.record(z.enum(CUSTOMER_TYPES), z.int()).meta({ description: 'Live customers only.' }),
    byState: z.record(z.enum(CUSTOMER_STATES), z.int()).meta({
      description: 'All customers, deleted ones until they are purged; `inactive` counts as `suspended`.',
    }),
    newPerDay: z.array(z.object({ day: z.iso.date(), count: z.int() })).meta({
      description:
        'The customers created on each day in UTC who are live now; every day of the range, in order.',
    }),
  })
  .meta({ id: 'CustomerStatistics' });

export const contract = defineRoute({
  name: 'get-customer-statistics',
  summary: 'How many customers there are, by type and state, and how many came each day',
  method: 'GET',
  path: '/api/v1/customer/statistics',
  impact: 'owners cannot see how many customers they have and gain',
  permission: 'READ_CUSTOMER',
  purpose: 'plan-business',
  needs: ['database'],
  query: z.object({
    from: Day.optional().meta({ description: 'The first day; absent: 30 days up to `to`.' }),
    to: Day.optional().meta({ description: 'The last day, at most 366 with the first; absent: today.' }),
  }),
  answers: { 200: CustomerStatistics },
  problems: [],
});
