import { handler as recordOrder } from '#functions/activity/record-order/handler.ts';
import { handler as recordPayment } from '#functions/activity/record-payment/handler.ts';
import { newId } from '#lib/store/customers/add-customer.ts';
import { aCloudEvent, aMessage, bodyOf, deliver } from './queue-messages.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A person in an order, as the panel copies a customer. */
export const anAttendeeDto = (customer: Fields = {}): Fields => ({
  object: 'AttendeeDto',
  _version: '',
  stateHistory: [],
  customer: { object: 'CustomerDto', customerType: 'regular', firstName: null, lastName: null, ...customer },
});

/** A line of an order with these people. */
export const anOrderLine = (people: readonly Fields[], overrides: Fields = {}): Fields => {
  const { start = '2026-06-01T10:00:00.000Z', end = '2026-06-01T11:00:00.000Z', ...rest } = overrides;
  return {
    _id: newId(),
    status: 'accepted',
    state: 'active',
    customerNote: '',
    meta: null,
    serviceSnapshot: { _id: newId(), languageVersions: [{ title: 'Cut' }] },
    orderAppointmentDetails: {
      object: 'OrderAppointmentDetailsDto',
      active: 1,
      start,
      end,
      specialists: [{ object: 'SpecialistDto', member: { _id: newId(), firstName: 'Ewa' } }],
      attendees: people.map((person) => anAttendeeDto(person)),
      timeZone: 'Europe/Warsaw',
    },
    ...rest,
  };
};

/** An order with one line for these people. */
export const anOrderDto = (people: readonly Fields[], overrides: Fields = {}): Fields => ({
  _id: newId(),
  object: 'OrderDto',
  _version: '1',
  state: 'active',
  status: 'confirmed',
  createdAt: '2026-05-01T10:00:00.000Z',
  updatedAt: '2026-05-01T10:00:00.000Z',
  services: [anOrderLine(people)],
  products: [],
  businessNote: '',
  ...overrides,
});

/** A payment by a person. */
export const aPaymentDto = (payer: Fields | null, overrides: Fields = {}): Fields => ({
  _id: newId(),
  object: 'PaymentDto',
  _version: '1',
  state: 'active',
  orderId: newId(),
  payer,
  amount: 120.5,
  currency: 'PLN',
  method: 'CASH',
  providerType: 'onSite',
  status: 'succeeded',
  anchorType: 'order',
  updatedAt: '2026-06-01T12:00:00.000Z',
  ...overrides,
});

/** When the sending service stored the state, in minutes after the first. */
export const atMinute = (minute: number): string =>
  new Date(Date.UTC(2026, 5, 1, 12) + minute * 60_000).toISOString();

const messageOf = (service: 'order' | 'payment', businessid: string, data: Fields, overrides: Fields) =>
  aMessage(
    bodyOf(
      aCloudEvent({
        ...{ source: `beeoclock.${service}`, type: `beeoclock.${service}.changed.v1` },
        ...{ subject: data['_id'], businessid, data },
        ...overrides,
      }),
    ),
  );

/** The message of an event that tells of an order. */
export const orderMessage = (businessId: string, order: Fields, overrides: Fields = {}) =>
  messageOf('order', businessId, order, overrides);

/** The message of an event that tells of a payment. */
export const paymentMessage = (businessId: string, payment: Fields, overrides: Fields = {}) =>
  messageOf('payment', businessId, payment, overrides);

/** Delivers events that tell of orders of a business. Returns how many came back. */
export const order = async (businessId: string, one: Fields, overrides: Fields = {}): Promise<number> =>
  (await deliver(recordOrder, [orderMessage(businessId, one, overrides)])).length;

/** The same for a payment. */
export const pay = async (businessId: string, one: Fields, overrides: Fields = {}): Promise<number> =>
  (await deliver(recordPayment, [paymentMessage(businessId, one, overrides)])).length;
