/** The digits that people type in phone numbers: ASCII, fullwidth and both Arabic forms. */
const DIGIT = '0-9０-９٠-٩۰-۹';
const NOT_DIGITS = new RegExp(`[^${DIGIT}]+`, 'gu');
const ANY_DIGIT = new RegExp(`[${DIGIT}]`, 'gu');
/** A plus before the first digit. */
const FIRST_PLUS = new RegExp(`^[^${DIGIT}]*\\+`, 'u');

/** In each of these four ranges, a digit's value is the low four bits of its code point. */
const toAscii = (digit: string): string => String((digit.codePointAt(0) ?? 0) & 0xf);

/** The digits of a text, in ASCII. */
export const digitsOf = (text: string): string => text.replace(NOT_DIGITS, '').replace(ANY_DIGIT, toAscii);

/** Digits without the international prefix 00. */
export const withoutInternationalPrefix = (digits: string): string => digits.replace(/^(?:00)+/, '');

/** The digits of a phone number in any format: without `+`, leading 00 and punctuation. */
export const phoneDigits = (text: string): string => withoutInternationalPrefix(digitsOf(text));

/** A phone number, or its beginning or end, as typed. */
export type PhoneText = Readonly<{
  /** ASCII digits, without `+` and the international prefix 00. */
  digits: string;
  /** The digits with a leading 00, which may also be a part of a number. Null after a `+`. */
  dialled: string | null;
  /** Whether it was written with `+` or 00, so that its digits begin with a country calling code. */
  isInternational: boolean;
}>;

/** Reads the digits of a phone number, and whether it begins with `+` or 00. The text may have any punctuation. */
export const phoneTextOf = (text: string): PhoneText => {
  const digits = digitsOf(text);
  const hasPlus = FIRST_PLUS.test(text.normalize('NFKC'));
  return {
    digits: withoutInternationalPrefix(digits),
    dialled: hasPlus ? null : digits,
    isInternational: hasPlus || digits.startsWith('00'),
  };
};

/** A phone without the spaces, brackets, dashes, dots and slashes that people put between digits. A `+` stays. */
export const withoutPhoneSigns = (text: string): string =>
  text.normalize('NFKC').replaceAll(/[\s()./\p{Pd}]/gu, '');
