import { describe, expect, it } from '@jest/globals';
import { PROCESSING } from '#lib/domain/rights/processing.ts';
import { PURPOSES } from '#lib/domain/access/purpose.ts';

const useOf = (purpose: string) => PROCESSING.find((one) => one.purpose === purpose);

describe('the record of processing', () => {
  it('has every purpose once, in the order of the list, with its words', () => {
    expect(PROCESSING.map(({ purpose, text }) => [purpose, text])).toEqual(Object.entries(PURPOSES));
  });

  it.each([
    [
      'serve-customer',
      'contract',
      [
        'names',
        'contact data',
        'notes',
        'type and states',
        'consents and refusals',
        'orders and payments',
        'preferences',
      ],
    ],
    ['serve-order', 'contract', ['names', 'contact data', 'notes', 'type and states', 'orders and payments']],
    ['find-customer', 'contract', ['names', 'contact data', 'notes', 'type and states']],
    ['manage-relationship', 'contract', ['names', 'contact data', 'notes', 'type and states']],
    ['record-consent', 'legal-obligation', ['consents and refusals', 'contact data']],
    [
      'keep-data-accurate',
      'legal-obligation',
      ['names', 'contact data', 'notes', 'type and states', 'preferences'],
    ],
    ['take-over-records', 'legitimate-interests', ['names', 'contact data', 'notes', 'type and states']],
    ['hand-over-records', 'legitimate-interests', ['names', 'contact data', 'notes', 'type and states']],
    ['account-for-access', 'legal-obligation', ['history of changes', 'accesses']],
    [
      'honour-privacy-rights',
      'legal-obligation',
      [
        'names',
        'contact data',
        'notes',
        'type and states',
        'consents and refusals',
        'orders and payments',
        'preferences',
        'history of changes',
        'legal hold',
      ],
    ],
    ['keep-for-law', 'legal-obligation', ['legal hold']],
    ['plan-business', 'legitimate-interests', ['type and states', 'orders and payments']],
    ['configure-business', 'legitimate-interests', []],
  ])('says for %s by which basis which data is used', (purpose, lawfulBasis, categories) => {
    expect(useOf(purpose)).toMatchObject({ lawfulBasis, categories });
  });
});
