import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { digitsOf, phoneDigits } from './phone-digits.ts';

/** From 11 digits a number carries its country code and is not judged further; E.164 ends at 15. */
const FEWEST_UNJUDGED_DIGITS = 11;
const MOST_DIGITS = 15;

/** Whether this is the ISO 3166-1 alpha-2 code of a country whose phone numbers are known. */
export const isCountry = (code: string): boolean => isSupportedCountry(code);

const isInternational = (text: string): boolean =>
  text.normalize('NFKC').trimStart().startsWith('+') || digitsOf(text).startsWith('00');

/**
 * A phone number as it is stored: digits only. Null when it is none: more than 15 digits, or fewer than 11
 * that the phone library does not call valid, in the default country unless they came with `+` or 00.
 * @param defaultCountry ISO 3166-1 alpha-2, the business's own
 */
export const normalizePhone = (text: string, defaultCountry: string): string | null => {
  const digits = phoneDigits(text);
  if (digits.length > MOST_DIGITS) return null;
  if (digits.length >= FEWEST_UNJUDGED_DIGITS) return digits;
  const parsed = isInternational(text)
    ? parsePhoneNumberFromString(`+${digits}`)
    : parsePhoneNumberFromString(digits, isSupportedCountry(defaultCountry) ? defaultCountry : undefined);
  return parsed?.isValid() === true ? digits : null;
};
