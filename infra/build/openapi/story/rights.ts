import { ID } from './people.ts';
import type { Between, Step } from './step.ts';

const anna = { path: { id: ID.anna } };
const maya = { path: { id: ID.maya } };
const sam = { path: { id: ID.sam } };
const leo = { path: { id: ID.leo } };

const intoTheArchive = (id: string): Between[] => [
  {
    quietly: {
      ...{ ask: 'set-customer-state', status: 200, path: { id }, headers: { 'if-match': '*' } },
      body: { state: 'archived' },
    },
  },
  { archive: id },
];

/** What people and the law ask for, and how a customer leaves. */
export const rights: readonly (Step | Between)[] = [
  { ask: 'get-customer-history', status: 200, summary: 'What happened to Leo’s record', ...leo },
  {
    ask: 'place-legal-hold',
    status: 200,
    summary: 'A court asks for Maya’s record',
    ...maya,
    body: { reason: 'Order of the county court of 24 November 2026.' },
  },
  { ask: 'get-legal-hold', status: 200, summary: 'Maya is held', ...maya },
  { ask: 'release-legal-hold', status: 200, summary: 'The case is over', ...maya },
  { ask: 'export-customer', status: 200, summary: 'Everything about Maya', ...maya },
  { ask: 'recall-customer', status: 200, summary: 'Anna is not in the archive', ...anna },
  ...intoTheArchive(ID.grace),
  { ask: 'recall-customer', status: 202, summary: 'Grace comes back soon', path: { id: ID.grace } },
  {
    ask: 'erase-customer',
    status: 200,
    summary: 'Count what would be erased of Sam',
    ...sam,
    body: { reason: 'Sam asked for it by letter.', dryRun: true },
  },
  {
    ask: 'erase-customer',
    status: 200,
    summary: 'Erase Sam for good',
    ...sam,
    body: { reason: 'Sam asked for it by letter.', ground: 'request' },
  },
  ...intoTheArchive(ID.ivy),
  {
    ask: 'erase-customer',
    status: 202,
    summary: 'Erase Ivy, who is in the archive',
    path: { id: ID.ivy },
    body: { reason: 'Ivy asked for it by letter.' },
  },
  { ask: 'get-erasure', status: 200, summary: 'The receipt of Sam’s erasure', ...sam },
  { ask: 'delete-customer', status: 200, summary: 'Leo does not come any more', ...leo },
  { ask: 'get-openapi-document', status: 200, summary: 'How it begins' },
];
