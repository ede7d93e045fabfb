import * as z from 'zod';
import { ORDER_COUNTS } from '#lib/domain/activity/counts.ts';
import { type Favourites, LOOKED_AT } from '#lib/domain/activity/favourites.ts';
import type { ActivitySummary, ListedOrder } from '#lib/domain/activity/listed.ts';
import { inArchive, MaybeMoment, momentOrNull, nextCursor, SpendDto, toSpendDto } from './activity-page.ts';
import { MomentText } from './customer-dto.ts';

const OrderedService = z.object({
  serviceId: z.string().nullable(),
  specialistIds: z.array(z.string()),
  status: z.string(),
  startAt: MaybeMoment,
});

/** One order, as far as it is about the customer. */
export const OrderItem = z
  .object({
    orderId: z.string(),
    status: z.string().meta({ description: 'As the order’s service names it.' }),
    counts: z.enum(ORDER_COUNTS).meta({ description: 'As what it counts for this customer.' }),
    startAt: MomentText,
    endAt: MaybeMoment,
    services: z.array(OrderedService),
    updatedAt: MomentText.meta({ description: 'When the order’s service stored this state of it.' }),
  })
  .meta({ id: 'OrderItem' });

const OrderTotals = z.object({
  orders: z.int().meta({ description: 'Booked and done ones.' }),
  visits: z.int().meta({ description: 'Done ones.' }),
  cancelled: z.int(),
  firstOrderAt: MaybeMoment,
  lastOrderAt: MaybeMoment,
  firstVisitAt: MaybeMoment,
  lastVisitAt: MaybeMoment,
  spend: z.array(SpendDto),
});

const orders = z.int().meta({ description: 'In how many orders.' });

export const OrderPage = z
  .object({
    items: z.array(OrderItem).meta({ description: 'Newest start first.' }),
    totals: OrderTotals.optional().meta({
      description: 'On the first page. Of all orders and payments of the customer, whatever the filters are.',
    }),
    favourites: z
      .object({
        services: z.array(z.object({ serviceId: z.string(), orders })),
        specialists: z.array(z.object({ specialistId: z.string(), orders })),
      })
      .optional()
      .meta({
        description:
          `On the first page. What the customer ordered most often among the last ${String(LOOKED_AT)} orders that were not ` +
          'cancelled; at most five of each, whatever the filters are.',
      }),
    inArchive,
    nextCursor,
  })
  .meta({ id: 'OrderPage' });

/** An order as it is answered. */
export const toOrderItem = (order: ListedOrder): z.input<typeof OrderItem> => ({
  orderId: order.orderId,
  status: order.status,
  counts: order.counts,
  startAt: order.startAt.toISOString(),
  endAt: momentOrNull(order.endAt),
  services: order.services.map(({ serviceId, specialistIds, status, startAt }) => ({
    serviceId,
    specialistIds: [...specialistIds],
    status,
    startAt: momentOrNull(startAt),
  })),
  updatedAt: order.updatedAt.toISOString(),
});

/** What all orders and payments of a customer amount to, as it is answered. */
export const toOrderTotals = (summary: ActivitySummary): z.input<typeof OrderTotals> => ({
  orders: summary.orderCount,
  visits: summary.visitCount,
  cancelled: summary.cancelledCount,
  firstOrderAt: momentOrNull(summary.firstOrderAt),
  lastOrderAt: momentOrNull(summary.lastOrderAt),
  firstVisitAt: momentOrNull(summary.firstVisitAt),
  lastVisitAt: momentOrNull(summary.lastVisitAt),
  spend: summary.spend.map(toSpendDto),
});

/** Favourites as they are answered. */
export const toFavourites = ({
  services,
  specialists,
}: Favourites): NonNullable<z.input<typeof OrderPage>['favourites']> => ({
  services: services.map(({ id, count }) => ({ serviceId: id, orders: count })),
  specialists: specialists.map(({ id, count }) => ({ specialistId: id, orders: count })),
});
