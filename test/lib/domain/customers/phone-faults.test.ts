import { describe, expect, it } from '@jest/globals';
import { phoneFaultSentence } from '#lib/domain/customers/phone-faults.ts';
import type { PhoneFault } from '#lib/domain/spelling/phone.ts';

const FAULTS: Readonly<Record<PhoneFault, RegExp>> = {
  'phone-letters': /\bletters\b/,
  'phone-extension': /\bextension\b/,
  'phone-second-number': /\bmore than one\b/,
  'phone-exponent': /\bexponent\b/,
  'phone-decimal': /\bdecimals\b/,
  'phone-trunk-zero': /\bzero\b/,
  'phone-country-code-twice': /\bcountry code twice\b/,
  'phone-format': /\bnot a phone number\b/,
};

describe('the sentence about a phone that is none', () => {
  it.each(Object.entries(FAULTS) as [PhoneFault, RegExp][])('of %s says why', (fault, why) => {
    expect(phoneFaultSentence(fault)).toMatch(why);
  });

  it('says what is wrong and then what to do', () => {
    for (const fault of Object.keys(FAULTS) as PhoneFault[])
      expect(phoneFaultSentence(fault)).toMatch(/^[A-Z][^.]+\. [A-Z][^.]+\.$/);
  });
});
