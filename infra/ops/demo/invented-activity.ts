import type * as z from 'zod';
import { recordOrder } from '#functions/activity/record-order/record-order.ts';
import { recordPayment } from '#functions/activity/record-payment/record-payment.ts';
import { recordConsents } from '#functions/rights/record-consents/record-consents.ts';
import { OrderInput, PaymentInput } from '#lib/contract/activity-events.ts';
import type { ConsentDraft } from '#lib/contract/consents-dto.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { stateOf } from '#lib/domain/customers/customer.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { recordState } from '#lib/store/activity/record-state.ts';
import { currentSettingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { customerConsents } from '#lib/store/rights/consents.ts';
import { type InventedCustomer, inventedId } from './invented-customers.ts';

const ports = { recordState, settingsOf: currentSettingsOf, now: () => new Date() };
const [order, payment, consent] = [
  recordOrder(ports),
  recordPayment(ports),
  recordConsents({ consents: customerConsents }),
];

const DAY_MS = 24 * 60 * 60 * 1_000;
const VISIT_MS = 60 * 60 * 1_000;
const DAYS_BETWEEN = 21;
const PRICES = [45, 28.5, 60, 85, 32];

/** A visit that is over, counted back from the day on which the customer was created. */
type Visit = Readonly<{ number: number; at: Date }>;

const eventOf = ({ at }: Visit, what: string) => ({
  ...{ id: what, source: `beeoclock.${what}`, type: `beeoclock.${what}.changed.v1` },
  ...{ time: at, subject: undefined },
});

const orderIdOf = (customer: InventedCustomer, { number }: Visit, scope: BusinessScope): string =>
  inventedId(scope.businessId, `order ${customer.id} ${String(number)}`);

const orderOf = (customer: InventedCustomer, visit: Visit, scope: BusinessScope) => {
  const serviceId = inventedId(scope.businessId, `service ${String(visit.number)}`);
  const start = new Date(visit.at.getTime() - VISIT_MS).toISOString();
  const attendees = [{ customer: { _id: customer.id } }];
  const line = {
    status: 'done',
    serviceSnapshot: { _id: serviceId },
    orderAppointmentDetails: { start, end: visit.at.toISOString(), specialists: [], attendees },
  };
  return OrderInput.parse({ _id: orderIdOf(customer, visit, scope), status: 'done', services: [line] });
};

const paymentOf = (customer: InventedCustomer, visit: Visit, scope: BusinessScope) =>
  PaymentInput.parse({
    _id: inventedId(scope.businessId, `payment ${customer.id} ${String(visit.number)}`),
    orderId: orderIdOf(customer, visit, scope),
    ...{ status: 'succeeded', payer: { customer: { _id: customer.id } } },
    ...{ amount: PRICES[visit.number % PRICES.length], currency: 'EUR', method: 'card' },
    paymentDate: visit.at.toISOString(),
  });

const consentOf = (granted: boolean, givenAt: Date): z.output<typeof ConsentDraft> => ({
  purpose: 'marketing',
  channel: 'email',
  granted,
  source: 'form',
  lawfulBasis: 'consent',
  textVersion: 'newsletter-1',
  givenAt,
});

type Save = (attempt: (own: BusinessScope) => Promise<unknown>) => Promise<void>;

/** Records what other services would tell of a customer: visits, payments and what it allows. Known things change nothing. */
export const tellOf = async (customer: InventedCustomer, save: Save): Promise<void> => {
  const { id, visits, paid, allowsNewsletter } = customer;
  if (visits === 0 && allowsNewsletter === null) return;
  let createdAt: Date | undefined;
  await save(async (own) => {
    const stored = await customers.find(id, own);
    if (stored === null || stored.isMerged || !isLive(stateOf(stored.customer))) return;
    ({ createdAt } = stored.customer);
    if (allowsNewsletter === null) return;
    const body = { consents: [consentOf(allowsNewsletter, createdAt)] };
    await consent({ params: { id }, query: undefined, body }, own);
  });
  if (createdAt === undefined) return;
  for (let number = 0; number < visits; number += 1) {
    const visit = { number, at: new Date(createdAt.getTime() - (number + 1) * DAYS_BETWEEN * DAY_MS) };
    await save((own) => order({ ...eventOf(visit, 'order'), data: orderOf(customer, visit, own) }, own));
    if (paid)
      await save((own) =>
        payment({ ...eventOf(visit, 'payment'), data: paymentOf(customer, visit, own) }, own),
      );
  }
};
