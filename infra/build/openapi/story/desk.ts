import { ANNA, GRACE, ID, IVY, LEO, MAYA, SAM } from './people.ts';
import type { Between, Step } from './step.ts';

const anna = { path: { id: ID.anna } };
const leo = { path: { id: ID.leo } };
/** Whatever the version is. An editor sends the `etag` that it read. */
const anyVersion = { headers: { 'if-match': '*' } };

/** A business opens, and its desk keeps the records of customers. */
export const atTheDesk: readonly (Step | Between)[] = [
  {
    ask: 'change-settings',
    status: 200,
    summary: 'A salon in London: an email or a phone is enough',
    body: {
      regularRequires: 'email-or-phone',
      uniqueEmail: true,
      uniquePhone: true,
      defaultCountry: 'GB',
      retentionDays: 90,
      archiveAfterDays: 180,
    },
  },
  { ask: 'get-settings', status: 200, summary: 'The settings of the salon' },
  { ask: 'create-customer', status: 201, summary: 'Anna books for the first time', body: ANNA },
  { ask: 'create-customer', status: 200, summary: 'The answer was lost, so it is sent again', body: ANNA },
  { quietly: { ask: 'create-customer', status: 201, body: LEO } },
  ...[SAM, GRACE, IVY].map((body) => ({ quietly: { ask: 'create-customer', status: 201 as const, body } })),
  {
    ask: 'apply-operations',
    status: 200,
    summary: 'What a tablet did while it was offline',
    body: {
      operations: [
        { create: MAYA },
        { change: { _id: ID.anna, note: 'Prefers mornings. Allergic to ammonia.' } },
        { delete: { _id: ID.leo } },
      ],
    },
  },
  { ask: 'restore-customer', status: 200, summary: 'Leo was deleted by mistake', ...leo },
  { ask: 'get-customer', status: 200, summary: 'Anna', ...anna },
  { ask: 'find-customers', status: 200, summary: 'Who is called Anna', query: { phrase: 'anna' } },
  { ask: 'look-up-customer', status: 200, summary: 'By the whole email', query: { email: ANNA.email } },
  {
    ask: 'change-customer',
    status: 200,
    summary: 'Anna has married',
    ...anna,
    body: { lastName: 'Novak-Reid' },
  },
  {
    ask: 'patch-customer',
    status: 200,
    summary: 'Another note',
    ...{ ...anna, ...anyVersion },
    body: { note: 'Prefers mornings. Allergic to ammonia. Tea, no sugar.' },
  },
  {
    ask: 'set-customer-state',
    status: 200,
    summary: 'Leo takes a break',
    ...{ ...leo, ...anyVersion },
    body: { state: 'suspended', reason: 'He travels until spring.' },
  },
];
