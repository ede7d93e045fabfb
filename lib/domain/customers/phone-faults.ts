import type { PhoneFault } from '#lib/domain/spelling/phone.ts';

const SENTENCES: Readonly<Record<PhoneFault, string>> = {
  'phone-letters': 'This phone has letters. Write only the number, and put the words into the note.',
  'phone-extension':
    'This phone has an extension. Write only the number, and put the extension into the note.',
  'phone-second-number':
    'This looks like more than one phone number. Write one here, and put the others into the note.',
  'phone-exponent':
    'A spreadsheet has shortened this phone to an exponent. Write all of its digits, with the country code.',
  'phone-decimal':
    'A spreadsheet has added decimals to this phone. Remove the zeros after the point or comma.',
  'phone-trunk-zero':
    'The zero in brackets does not belong to this phone after a country code. Leave it out.',
  'phone-country-code-twice': 'This phone has its country code twice. Write it once.',
  'phone-format': 'This is not a phone number. Write all of its digits, with the country code.',
};

/** Says in a sentence why a text is not one phone number, and what to do. It never repeats the text. */
export const phoneFaultSentence = (fault: PhoneFault): string => SENTENCES[fault];
