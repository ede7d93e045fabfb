import { Types } from 'mongoose';
import { ORDER_COUNTS, PAYMENT_COUNTS } from '#lib/domain/activity/counts.ts';
import type { Facts, OrderFacts, PaymentFacts } from '#lib/domain/activity/facts.ts';
import type { Stored } from '#lib/domain/activity/fold.ts';
import type { ActivityDocument } from '#lib/store/collections/activity.ts';

/** What is stored of a source for one customer, with the id of its document. */
export type StoredActivity = Stored & Readonly<{ _id: Types.ObjectId }>;

const hexOf = (id: Types.ObjectId | undefined): string | null => id?.toHexString() ?? null;
const idOf = (hex: string): Types.ObjectId => new Types.ObjectId(hex);

/** Reads a stored document. */
export const storedFrom = (document: ActivityDocument): StoredActivity => ({
  _id: document._id,
  customerId: document.customerId.toHexString(),
  attendeeIds: document.attendeeIds.map((id) => id.toHexString()),
  stamp: document.stamp,
  facts: document.kind === 'order' ? orderFrom(document) : paymentFrom(document),
});

/** What a stored order is for its customer. */
export const orderFrom = ({
  status,
  counts,
  startAt,
  endAt,
  services,
  left,
}: ActivityDocument): OrderFacts => ({
  kind: 'order',
  status,
  counts: ORDER_COUNTS.find((one) => one === counts) ?? 'no',
  startAt,
  endAt: endAt ?? null,
  services: (services ?? []).map((service) => ({
    serviceId: hexOf(service.serviceId),
    specialistIds: service.specialistIds.map((id) => id.toHexString()),
    status: service.status,
    startAt: service.startAt ?? null,
  })),
  hasLeft: left === true,
});

/** What a stored payment is for its payer. */
export const paymentFrom = (document: ActivityDocument): PaymentFacts => ({
  kind: 'payment',
  status: document.status,
  counts: PAYMENT_COUNTS.find((one) => one === document.counts) ?? 'no',
  startAt: document.startAt,
  orderId: hexOf(document.orderId),
  minor: document.minor ?? null,
  amount: document.amount ?? null,
  currency: document.currency ?? null,
  method: document.method ?? null,
  providerType: document.providerType ?? null,
  hasLeft: document.left === true,
});

type FactFields = Omit<
  ActivityDocument,
  '_id' | 'businessId' | 'customerId' | 'attendeeIds' | 'kind' | 'sourceId' | 'stamp'
>;

/** The fields of a document that hold these facts. */
export const fieldsFrom = (facts: Facts): FactFields => ({
  status: facts.status,
  counts: facts.counts,
  startAt: facts.startAt,
  ...(facts.hasLeft && { left: true as const }),
  ...(facts.kind === 'order' ? orderFields(facts) : paymentFields(facts)),
});

const orderFields = ({ endAt, services }: OrderFacts) => ({
  ...(endAt !== null && { endAt }),
  services: services.map(({ serviceId, specialistIds, status, startAt }) => ({
    ...(serviceId !== null && { serviceId: idOf(serviceId) }),
    specialistIds: specialistIds.map(idOf),
    status,
    ...(startAt !== null && { startAt }),
  })),
});

const paymentFields = ({ orderId, minor, amount, currency, method, providerType }: PaymentFacts) => ({
  ...(orderId !== null && { orderId: idOf(orderId) }),
  ...(minor !== null && { minor }),
  ...(amount !== null && { amount }),
  ...(currency !== null && { currency }),
  ...(method !== null && { method }),
  ...(providerType !== null && { providerType }),
});

/** The fields of a document that facts may lack. */
export const OPTIONAL_FIELDS = [
  ...['endAt', 'services', 'left', 'orderId', 'minor', 'amount', 'currency'],
  ...['method', 'providerType', 'away', 'late'],
] as const satisfies readonly (keyof FactFields)[];
