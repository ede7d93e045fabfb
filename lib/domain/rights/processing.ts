import type { LawfulBasis } from './consents.ts';
import { type Purpose, PURPOSES } from '#lib/domain/access/purpose.ts';

/** The kinds of data that the service has about a person. */
export type DataCategory =
  | 'names'
  | 'contact data'
  | 'notes'
  | 'type and states'
  | 'consents and refusals'
  | 'preferences'
  | 'history of changes'
  | 'accesses'
  | 'orders and payments'
  | 'legal hold';

/** By which basis of GDPR, Art. 6, data is used for a purpose, and which data. */
type Use = Readonly<{ lawfulBasis: LawfulBasis; categories: readonly DataCategory[] }>;

const RECORD = ['names', 'contact data', 'notes', 'type and states'] as const;

const USE_OF: Readonly<Record<Purpose, Use>> = {
  'serve-customer': {
    lawfulBasis: 'contract',
    categories: [...RECORD, 'consents and refusals', 'orders and payments', 'preferences'],
  },
  'find-customer': { lawfulBasis: 'contract', categories: RECORD },
  'manage-relationship': { lawfulBasis: 'contract', categories: RECORD },
  'record-consent': {
    lawfulBasis: 'legal-obligation',
    categories: ['consents and refusals', 'contact data'],
  },
  'serve-order': { lawfulBasis: 'contract', categories: [...RECORD, 'orders and payments'] },
  'send-messages': {
    // Of marketing it is the consent that each recipient gave, of news about an order the contract.
    lawfulBasis: 'consent',
    categories: ['names', 'contact data', 'type and states', 'consents and refusals', 'orders and payments'],
  },
  'keep-data-accurate': { lawfulBasis: 'legal-obligation', categories: [...RECORD, 'preferences'] },
  'take-over-records': { lawfulBasis: 'legitimate-interests', categories: RECORD },
  'hand-over-records': { lawfulBasis: 'legitimate-interests', categories: RECORD },
  'account-for-access': { lawfulBasis: 'legal-obligation', categories: ['history of changes', 'accesses'] },
  'honour-privacy-rights': {
    lawfulBasis: 'legal-obligation',
    categories: [
      ...RECORD,
      'consents and refusals',
      'orders and payments',
      'preferences',
      'history of changes',
      'legal hold',
    ],
  },
  'keep-for-law': { lawfulBasis: 'legal-obligation', categories: ['legal hold'] },
  'plan-business': {
    lawfulBasis: 'legitimate-interests',
    categories: ['type and states', 'orders and payments'],
  },
  'configure-business': { lawfulBasis: 'legitimate-interests', categories: [] },
};

/** One entry of the record of processing activities (GDPR, Art. 30). */
export type Processing = Use & Readonly<{ purpose: Purpose; text: string }>;

const isPurpose = (name: string): name is Purpose => Object.hasOwn(PURPOSES, name);

/** What data is used for, by which basis, and which data: every purpose, in the order of the list. */
export const PROCESSING: readonly Processing[] = Object.keys(PURPOSES)
  .filter(isPurpose)
  .map((purpose) => ({ purpose, text: PURPOSES[purpose], ...USE_OF[purpose] }));
