import { ANNA_AGAIN, ID, MADE } from './people.ts';
import type { Between, Step } from './step.ts';

const anna = { path: { id: ID.anna } };
const segment = { path: { segmentId: MADE.segmentId } };

/** Anna allows a newsletter, gets one, and ends it. */
export const letters: readonly (Step | Between)[] = [
  {
    ask: 'record-consents',
    status: 200,
    summary: 'Anna signs the form at the desk',
    ...anna,
    body: {
      consents: [
        {
          purpose: 'marketing',
          channel: 'email',
          granted: true,
          source: 'desk',
          lawfulBasis: 'consent',
          textVersion: 'newsletter-3',
          proofRef: 'forms/2026/0417',
        },
        {
          purpose: 'reminders',
          channel: 'sms',
          granted: false,
          source: 'desk',
          lawfulBasis: 'contract',
        },
      ],
    },
  },
  { ask: 'get-consents', status: 200, summary: 'What Anna said', ...anna },
  {
    ask: 'create-segment',
    status: 201,
    summary: 'Who has come twice and may be written to',
    body: {
      name: 'Regulars',
      definition: { visitsAtLeast: 2, consent: { purpose: 'marketing', channel: 'email' } },
    },
  },
  { ask: 'find-segments', status: 200, summary: 'All segments' },
  { ask: 'get-segment', status: 200, summary: 'How many regulars there are', ...segment },
  {
    ask: 'change-segment',
    status: 200,
    summary: 'Only those of this half year',
    ...segment,
    body: {
      name: 'Regulars of this half year',
      definition: {
        visitsAtLeast: 2,
        lastVisitAfter: { daysAgo: 180 },
        consent: { purpose: 'marketing', channel: 'email' },
      },
    },
  },
  {
    ask: 'find-recipients',
    status: 200,
    summary: 'Who gets the newsletter',
    body: { channel: 'email', purpose: 'marketing', segment: { visitsAtLeast: 1 } },
  },
  {
    ask: 'unsubscribe',
    status: 200,
    summary: 'Anna follows the link in the newsletter',
    query: { token: MADE.token },
  },
  { ask: 'delete-segment', status: 200, summary: 'Nobody needs it any more', ...segment },
];

/** Anna was entered twice. */
export const twice: readonly (Step | Between)[] = [
  { quietly: { ask: 'create-customer', status: 201, body: ANNA_AGAIN } },
  {
    quietly: { ask: 'change-customer', status: 200, ...anna, body: { lastName: 'Novak' } },
  },
  { ask: 'find-duplicates', status: 200, summary: 'Anna is there twice', query: { customerId: ID.anna } },
  {
    ask: 'merge-customer',
    status: 200,
    summary: 'The two become one',
    ...anna,
    body: { loserId: ID.annaAgain, reason: 'She told us at the desk.' },
  },
  {
    ask: 'unmerge-customer',
    status: 200,
    summary: 'They were two people after all',
    ...anna,
    body: { loserId: ID.annaAgain },
  },
];
