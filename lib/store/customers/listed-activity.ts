import type { OrderCounts, PaymentCounts } from '#lib/domain/activity/counts.ts';
import type { ListedOrder, ListedPayment } from '#lib/domain/activity/listed.ts';
import type { ActivityDocument } from '#lib/store/collections/activity.ts';
import { readTimeKey } from './link.ts';

const ORDER_COUNTS: readonly OrderCounts[] = ['booked', 'visit', 'cancelled', 'no'];
const PAYMENT_COUNTS: readonly PaymentCounts[] = ['paid', 'refunded', 'no'];

/** A stored order as it is listed. */
export const toListedOrder = (document: ActivityDocument): ListedOrder => ({
  id: document._id.toHexString(),
  orderId: document.sourceId.toHexString(),
  status: document.status,
  counts: ORDER_COUNTS.find((counts) => counts === document.counts) ?? 'no',
  startAt: document.startAt,
  endAt: document.endAt ?? null,
  services: (document.services ?? []).map(({ serviceId, specialistIds, status, startAt }) => ({
    serviceId: serviceId?.toHexString() ?? null,
    specialistIds: specialistIds.map((id) => id.toHexString()),
    status,
    startAt: startAt ?? null,
  })),
  // A stamp begins as the sort key of a time does.
  updatedAt: readTimeKey(document.stamp).at,
});

/** A stored payment as it is listed. */
export const toListedPayment = (document: ActivityDocument): ListedPayment => ({
  id: document._id.toHexString(),
  paymentId: document.sourceId.toHexString(),
  orderId: document.orderId?.toHexString() ?? null,
  status: document.status,
  counts: PAYMENT_COUNTS.find((counts) => counts === document.counts) ?? 'no',
  startAt: document.startAt,
  minor: document.minor ?? null,
  amount: document.amount ?? null,
  currency: document.currency ?? null,
  method: document.method ?? null,
  providerType: document.providerType ?? null,
});
