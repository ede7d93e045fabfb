import { ANNA, ID } from './people.ts';
import type { Between, Step } from './step.ts';

const anna = { path: { id: ID.anna } };

/** When Anna was at the desk last, and booked again. */
const BOOKED_AT = '2026-11-24T09:46:00.000Z';

const endOf = (start: string): string => start.replace(':00:00.', ':45:00.');

/** An order for Anna, as the order service tells of it. */
const order = (number: number, status: 'done' | 'confirmed', start: string, service: string): Between => ({
  order: {
    _id: `674a1c5e000000000000d00${String(number)}`,
    status,
    updatedAt: status === 'done' ? endOf(start) : BOOKED_AT,
    services: [
      {
        _id: `674a1c5e000000000000e00${String(number)}`,
        status: status === 'done' ? 'done' : 'accepted',
        serviceSnapshot: { _id: service },
        orderAppointmentDetails: {
          start,
          end: endOf(start),
          specialists: [{ member: { _id: ID.stylist } }],
          attendees: [{ customer: { _id: ID.anna } }],
        },
      },
    ],
  },
});

const payment = (number: number, amount: number, paymentDate: string): Between => ({
  payment: {
    _id: `674a1c5e000000000000f00${String(number)}`,
    orderId: `674a1c5e000000000000d00${String(number)}`,
    payer: { _id: ID.anna },
    ...{ amount, currency: 'GBP', method: 'CARD', providerType: 'onSite', status: 'succeeded' },
    ...{ paymentDate, updatedAt: paymentDate },
  },
});

/** What other services tell of Anna’s visits, and what they ask for. */
export const visits: readonly (Step | Between)[] = [
  order(1, 'done', '2026-10-16T09:00:00.000Z', ID.colour),
  payment(1, 95, '2026-10-16T09:50:00.000Z'),
  order(2, 'done', '2026-11-24T09:00:00.000Z', ID.cut),
  payment(2, 48.5, '2026-11-24T09:50:00.000Z'),
  order(3, 'confirmed', '2026-12-18T09:00:00.000Z', ID.colour),
  { ask: 'find-orders', status: 200, summary: 'Two visits, and one to come', ...anna },
  { ask: 'find-payments', status: 200, summary: 'What Anna paid', ...anna },
  {
    ask: 'set-preferences',
    status: 200,
    summary: 'How Anna wants to be served',
    ...anna,
    body: {
      channel: 'email',
      language: 'en-GB',
      services: [ID.colour],
      specialists: [ID.stylist],
      invoicing: { name: 'Novak Interiors Ltd', taxId: 'GB123456789', email: 'accounts@example.com' },
    },
  },
  { ask: 'get-preferences', status: 200, summary: 'How Anna wants to be served', ...anna },
  {
    ask: 'tell-first-time',
    status: 200,
    summary: 'Anna has been here before',
    query: { email: ANNA.email },
  },
  { ask: 'get-snapshot', status: 200, summary: 'Anna, for an order', ...anna },
  {
    ask: 'get-snapshots',
    status: 200,
    summary: 'Who pays',
    body: { customerIds: [ID.anna, ID.maya], as: 'payer' },
  },
  {
    ask: 'find-attendees',
    status: 200,
    summary: 'Anna is known, and Noor comes with her',
    body: {
      attendees: [
        { firstName: 'Anna', lastName: 'Novak-Reid', email: ANNA.email },
        { _id: ID.noor, firstName: 'Noor', lastName: 'Haddad', phone: '+44 7700 900147' },
      ],
    },
  },
  {
    ask: 'get-customer-statistics',
    status: 200,
    summary: 'The week of Anna’s second visit',
    query: { from: '2026-11-21', to: '2026-11-27' },
  },
];
