import { Schema, type Types } from 'mongoose';
import type { ActivityKind, OrderCounts, PaymentCounts } from '#lib/domain/activity/counts.ts';
import { defineCollection, RECORD_TIME } from './define-collection.ts';

/** One line of an order in which the customer takes part. */
export type ActivityService = {
  serviceId?: Types.ObjectId;
  specialistIds: Types.ObjectId[];
  /** As the order's service says it; unknown ones too. */
  status: string;
  startAt?: Date;
};

/** What an order or a payment of another service is for one customer: ids, times, states and amounts only. */
export type ActivityDocument = {
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  customerId: Types.ObjectId;
  /** The ids by which the source names this customer; nobody else's. */
  attendeeIds: Types.ObjectId[];
  kind: ActivityKind;
  /** The id of the order or payment. */
  sourceId: Types.ObjectId;
  /** The state of the source that it was made of: the time of the event in 13 digits of milliseconds, then the event's id. */
  stamp: string;
  status: string;
  counts: OrderCounts | PaymentCounts;
  /** When the customer's part of the order begins, or when was paid. */
  startAt: Date;
  endAt?: Date;
  services?: ActivityService[];
  /** The source names the customer no longer. It stays, so that the ids still lead to the customer; no read shows it. */
  left?: true;
  /** What the order or payment was is only in the customer's object in the archive, until the customer is back. */
  away?: true;
  /** It was told while the customer was in the archive. The object has no copy of this state. */
  late?: true;
  orderId?: Types.ObjectId;
  /** The amount in the minor unit of the currency. Absent for a payment without a currency. */
  minor?: number;
  /** The amount of a payment without a currency, as it came. */
  amount?: number;
  currency?: string;
  method?: string;
  providerType?: string;
};

/** What one source has for each of its customers. */
export const ACTIVITY_SOURCE_INDEX = 'business_source_customer_unique';

/** The orders and the payments of a customer, in the order of time. */
export const ACTIVITY_CUSTOMER_INDEX = 'business_customer_start';

/** The orders and payments of a customer in an order that never changes. */
export const ACTIVITY_EXPORT_INDEX = 'business_customer_id';

/** Whom an id of another service names. */
export const ACTIVITY_ATTENDEE_INDEX = 'business_attendees';

/** What counts in a business, in the order of time. */
export const ACTIVITY_COUNTS_INDEX = 'business_counts_start';

/**
 * What leaves the database when the customer goes to the archive: what was done, and what was paid. That the customer came, and
 * when, stays for the statistics; the ids stay, so that a late event finds what it is about.
 */
export const ARCHIVED_FIELDS = [
  'endAt',
  'services',
  'orderId',
  'minor',
  'amount',
  'currency',
  'method',
  'providerType',
] as const satisfies readonly (keyof ActivityDocument)[];

export const activity = defineCollection<ActivityDocument>({
  schema: () =>
    new Schema(
      {
        businessId: Schema.Types.ObjectId,
        customerId: Schema.Types.ObjectId,
        attendeeIds: [Schema.Types.ObjectId],
        kind: String,
        sourceId: Schema.Types.ObjectId,
        stamp: String,
        status: String,
        counts: String,
        startAt: Date,
        endAt: Date,
        services: {
          type: [
            new Schema(
              {
                serviceId: Schema.Types.ObjectId,
                specialistIds: [Schema.Types.ObjectId],
                status: String,
                startAt: Date,
              },
              { _id: false },
            ),
          ],
          default: undefined,
        },
        left: Boolean,
        away: Boolean,
        late: Boolean,
        orderId: Schema.Types.ObjectId,
        minor: Number,
        amount: Number,
        currency: String,
        method: String,
        providerType: String,
      },
      { versionKey: false },
    ),
  indexes: [
    {
      name: ACTIVITY_SOURCE_INDEX,
      key: { businessId: 1, kind: 1, sourceId: 1, customerId: 1 },
      unique: true,
    },
    { name: ACTIVITY_CUSTOMER_INDEX, key: { businessId: 1, customerId: 1, kind: 1, startAt: 1, _id: 1 } },
    { name: ACTIVITY_EXPORT_INDEX, key: { businessId: 1, customerId: 1, _id: 1 } },
    { name: ACTIVITY_ATTENDEE_INDEX, key: { businessId: 1, attendeeIds: 1 } },
    { name: ACTIVITY_COUNTS_INDEX, key: { businessId: 1, kind: 1, counts: 1, startAt: 1 } },
  ],
  owner: 'businessId',
  person: {
    foundBy: 'customerId',
    erasing: { by: 'handing over', ids: 'attendeeIds' },
    exported: {
      under: '15 and 20',
      as: { list: 'activity', orderedBy: '_id' },
      shows: [
        ...(['sourceId', 'status', 'startAt', 'endAt', 'services'] as const),
        ...(['orderId', 'minor', 'amount', 'currency', 'method', 'providerType'] as const),
      ],
      withholds: [
        {
          fields: ['kind', 'counts'],
          why: 'made of what is shown: the status, and in which of two lists it is',
        },
        { fields: ['attendeeIds'], why: 'ids under which other services know the customer' },
        {
          fields: ['stamp', 'left', 'away', 'late'],
          why: 'bookkeeping of the service, which tells nothing more of the person',
        },
      ],
    },
    archiving: { by: 'copying', removes: ARCHIVED_FIELDS },
    holds: 'when the customer came, was booked or cancelled, and what was paid',
    keptUntil: RECORD_TIME,
  },
  kinds: {
    _id: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    attendeeIds: 'technical',
    kind: 'technical',
    sourceId: 'technical',
    stamp: 'technical',
    status: 'technical',
    counts: 'technical',
    startAt: 'technical',
    endAt: 'technical',
    services: {
      serviceId: 'technical',
      specialistIds: 'technical',
      status: 'technical',
      startAt: 'technical',
    },
    left: 'technical',
    away: 'technical',
    late: 'technical',
    orderId: 'technical',
    minor: 'technical',
    amount: 'technical',
    currency: 'technical',
    method: 'technical',
    providerType: 'technical',
  },
});
