import {
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type PhoneNumber,
} from 'libphonenumber-js/max';
import { digitsOf, phoneDigits, phoneTextOf } from './phone-digits.ts';
import { foldPhone } from './phone-forms.ts';

/** Why a text is not one phone number. */
export type PhoneFault =
  | 'phone-letters'
  | 'phone-extension'
  | 'phone-second-number'
  | 'phone-exponent'
  | 'phone-decimal'
  | 'phone-trunk-zero'
  | 'phone-country-code-twice'
  | 'phone-format';

/** A phone as it is stored, or why the text is not one. */
export type PhoneReading =
  Readonly<{ phone: string; fault: null }> | Readonly<{ phone: null; fault: PhoneFault }>;

/** A number of 11 to 15 digits is kept if its length is possible in its country. E.164 allows at most 15. */
const FEWEST_POSSIBLE_DIGITS = 11;
const MOST_DIGITS = 15;
/** Longer texts are not looked at: with every sign that people write, a number is shorter. */
const LONGEST_TEXT = 100;
/** A shorter text before a slash is an area code, not a number. */
const FEWEST_DIGITS = 6;

/** Whether this is the ISO 3166-1 alpha-2 code of a country whose phone numbers the phone library knows. */
export const isCountry = (code: string): boolean => isSupportedCountry(code);

// Every pattern looks at ASCII only: digits and signs of other scripts are turned into it before.
const EXPONENT = /^[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+$/u;
const DECIMAL = /^\+?\d{5,}[.,]0+$/u;
const LETTER = /\p{L}/u;
const AFTER_LETTERS = /\d[^\d]*[\p{L}#]/u;
const SECOND_NUMBER = /[,;|&]|\d\D*\+/u;
const ONLY_PHONE_SIGNS = /^[\d\s+()./-]+$/u;
const BRACKETED_ZERO = /\(\s*0\s*\)/u;
const SLASH = '/';

/** Digits, dashes and white space of every script in ASCII, without characters that show nothing, and without `tel:`. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/(?!\p{White_Space})[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/[\p{Pd}\u2212]/gu, '-')
    .replaceAll(/\p{Nd}/gu, (digit) => digitsOf(digit) || digit)
    .trim()
    .replace(/^tel:\s*/iu, '');

/** What comes after a number and a letter or a sign like #. */
const faultOfRest = (rest: string): PhoneFault => {
  const { length } = digitsOf(rest);
  if (length === 0) return 'phone-letters';
  return length < FEWEST_DIGITS ? 'phone-extension' : 'phone-second-number';
};

const faultOfSigns = (text: string): PhoneFault | null => {
  if (EXPONENT.test(text)) return 'phone-exponent';
  if (DECIMAL.test(text)) return 'phone-decimal';
  const letters = AFTER_LETTERS.exec(text);
  if (letters !== null) return faultOfRest(text.slice(letters.index + letters[0].length));
  if (LETTER.test(text)) return 'phone-letters';
  if (SECOND_NUMBER.test(text)) return 'phone-second-number';
  return ONLY_PHONE_SIGNS.test(text) ? null : 'phone-format';
};

const digitsIn = (number: PhoneNumber): string => number.number.slice(1);

const DIALLED_BY_PEOPLE: ReadonlySet<string | undefined> = new Set([
  'MOBILE',
  'FIXED_LINE',
  'FIXED_LINE_OR_MOBILE',
]);

/** A trunk zero after the calling code, which is not dialled from abroad. The library drops it in some countries only. */
const withoutTrunkZero = (number: PhoneNumber): string | null => {
  if (!number.nationalNumber.startsWith('0')) return null;
  const without = parsePhoneNumberFromString(
    `+${number.countryCallingCode}${number.nationalNumber.slice(1)}`,
  );
  return without?.isValid() === true && DIALLED_BY_PEOPLE.has(without.getType()) ? digitsIn(without) : null;
};

/** International digits as they are stored; null when they are no number. */
const readInternational = (digits: string): string | null => {
  const number = parsePhoneNumberFromString(`+${digits}`);
  if (number === undefined) return null;
  if (number.isValid()) return digitsIn(number);
  const resolved = withoutTrunkZero(number);
  if (resolved !== null) return resolved;
  // Mexico's old 1: the number without it always has a possible length, but it is answered as it was given.
  if (foldPhone(digits) !== digits) return digits;
  return number.isPossible() && digits.length >= FEWEST_POSSIBLE_DIGITS ? digits : null;
};

const readNational = (digits: string, country: string): string | null => {
  if (!isSupportedCountry(country)) return null;
  const number = parsePhoneNumberFromString(digits, country);
  if (number?.isValid() === true) return digitsIn(number);
  const withCode = `${getCountryCallingCode(country)}${digits}`;
  return foldPhone(withCode) === withCode ? null : readInternational(withCode);
};

const readDigits = (text: string, country: string): string | null => {
  const { digits, isInternational } = phoneTextOf(text);
  const national = isInternational ? null : readNational(digits, country);
  const read = national ?? readInternational(digits);
  // The phone library finds some German numbers valid that are longer.
  return read === null || read.length > MOST_DIGITS ? null : read;
};

const isCodeTwice = (text: string): boolean => {
  const { digits, isInternational } = phoneTextOf(text);
  const number = isInternational ? parsePhoneNumberFromString(`+${digits}`) : undefined;
  if (number?.nationalNumber.startsWith(number.countryCallingCode) !== true) return false;
  return readInternational(number.nationalNumber) !== null;
};

const faultOfDigits = (text: string): PhoneFault => {
  if (isCodeTwice(text)) return 'phone-country-code-twice';
  if (BRACKETED_ZERO.test(text)) return 'phone-trunk-zero';
  return digitsOf(text).length > MOST_DIGITS + 2 ? 'phone-second-number' : 'phone-format';
};

/** Whether a slash comes after a whole number. `030/1234567` has it after an area code. */
const hasNumberBeforeSlash = (text: string, country: string): boolean => {
  const slash = text.indexOf(SLASH);
  if (slash === -1) return false;
  const before = text.slice(0, slash);
  return digitsOf(before).length >= FEWEST_DIGITS && readDigits(before, country) !== null;
};

/**
 * Reads one phone number: international digits, with `+` in front exactly when it was given with one. With `+` or 00, in
 * the digits of any script, it is read as international. Otherwise it is a national number of the default country if the
 * phone library finds it valid there, and else international. A number that is not valid is kept if it has 11 to 15 digits
 * and a length that its country has.
 * @param defaultCountry ISO 3166-1 alpha-2 code from the settings of the business
 */
export const readPhone = (given: string, defaultCountry: string): PhoneReading => {
  const text = plain(given);
  const fault = text.length > LONGEST_TEXT ? 'phone-format' : faultOfSigns(text);
  if (fault !== null) return { phone: null, fault };
  if (hasNumberBeforeSlash(text, defaultCountry)) return { phone: null, fault: 'phone-second-number' };
  const digits = readDigits(text, defaultCountry);
  if (digits === null) return { phone: null, fault: faultOfDigits(text) };
  if (BRACKETED_ZERO.test(text) && digits === phoneDigits(text))
    return { phone: null, fault: 'phone-trunk-zero' };
  return { phone: text.includes('+') ? `+${digits}` : digits, fault: null };
};

/**
 * The international digits of a phone that was stored as it was given, before numbers were stored as international.
 * Digits that can be read as international stay as they are.
 * @param defaultCountry ISO 3166-1 alpha-2 code from the settings of the business
 */
export const internationalPhone = (stored: string, defaultCountry: string): string => {
  const digits = phoneDigits(stored);
  if (parsePhoneNumberFromString(`+${digits}`)?.isValid() === true) return stored;
  if (digits.length >= FEWEST_POSSIBLE_DIGITS && !digits.startsWith('0')) return stored;
  return readNational(digits, defaultCountry) ?? stored;
};
