import type { ListedOrder, ListedPayment } from '#lib/domain/activity/listed.ts';
import type { ActivityDocument } from '#lib/store/collections/activity.ts';
import { orderFrom, paymentFrom } from './activity-facts.ts';
import { readTimeKey } from './link.ts';

/** A stored order as it is listed. */
export const toListedOrder = (document: ActivityDocument): ListedOrder => {
  const { kind: _kind, hasLeft: _hasLeft, ...facts } = orderFrom(document);
  return {
    ...facts,
    id: document._id.toHexString(),
    orderId: document.sourceId.toHexString(),
    // A stamp begins as the sort key of a time does.
    updatedAt: readTimeKey(document.stamp).at,
  };
};

/** A stored payment as it is listed. */
export const toListedPayment = (document: ActivityDocument): ListedPayment => {
  const { kind: _kind, hasLeft: _hasLeft, ...facts } = paymentFrom(document);
  return { ...facts, id: document._id.toHexString(), paymentId: document.sourceId.toHexString() };
};
