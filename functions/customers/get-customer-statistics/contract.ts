import * as z from 'zod';
import { defineRoute } from '#lib/contract/route.ts';
import type { CustomerType } from '#lib/domain/customers/customer-details.ts';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';

/** A day in UTC: `YYYY-MM-DD` in a request, the moment at which it begins inside. */
const Day = z.iso.date().pipe(z.coerce.date());

const CustomerStatistics = z
  .object({
    byType: z
      .object({
        regular: z.int(),
        unregistered: z.int(),
        new: z.int(),
        anonymous: z.int(),
      } satisfies Record<CustomerType, z.ZodType>)
      .meta({ description: 'Live customers only.' }),
    byState: z
      .object({
        active: z.int(),
        suspended: z.int(),
        archived: z.int(),
        deleted: z.int(),
      } satisfies Record<CustomerState, z.ZodType>)
      .meta({
        description:
          'All customers, including deleted ones until they are purged. `inactive` counts as `suspended`.',
      }),
    newPerDay: z.array(z.object({ day: z.iso.date(), count: z.int() })).meta({
      description:
        'For every day of the range, in order: how many customers that are live now were created on that day (UTC).',
    }),
    visits: z
      .object({
        total: z.int().meta({ description: 'Orders that are done, once for each of their customers.' }),
        first: z.int().meta({ description: 'The first visits of their customers.' }),
        returning: z.int().meta({ description: 'All others.' }),
      })
      .meta({
        description: 'Visits that began in the range, also of customers who are in the archive.',
      }),
  })
  .meta({ id: 'CustomerStatistics' });

export const contract = defineRoute({
  name: 'get-customer-statistics',
  summary: 'Count customers by type and by state, new customers per day, and visits',
  method: 'GET',
  path: '/api/v1/customer/statistics',
  impact: 'owners cannot see how many customers they have and gain',
  permission: 'READ_CUSTOMER',
  purpose: 'plan-business',
  needs: ['database'],
  query: z.object({
    from: Day.optional().meta({
      description: 'The first day. If absent, the range has 30 days and ends with `to`.',
    }),
    to: Day.optional().meta({
      description: 'The last day; today if absent. The range has at most 366 days.',
    }),
  }),
  answers: { 200: CustomerStatistics },
  problems: [],
});
