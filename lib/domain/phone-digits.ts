/** ASCII, fullwidth and both Arabic forms: the digits that keyboards write phone numbers with. */
const DIGIT = '0-9０-９٠-٩۰-۹';
const NOT_DIGITS = new RegExp(`[^${DIGIT}]+`, 'gu');
const ANY_DIGIT = new RegExp(`[${DIGIT}]`, 'gu');

/** In each of the four runs a digit's value is the low four bits of its code point. */
const toAscii = (digit: string): string => String((digit.codePointAt(0) ?? 0) & 0xf);

/** The digits of a text, as ASCII, and nothing else. */
export const digitsOf = (text: string): string => text.replace(NOT_DIGITS, '').replace(ANY_DIGIT, toAscii);

/** Digits without the international prefix 00. */
export const withoutInternationalPrefix = (digits: string): string => digits.replace(/^(?:00)+/, '');

/** A phone number however it is formatted, as digits: without `+`, leading 00 and punctuation. */
export const phoneDigits = (text: string): string => withoutInternationalPrefix(digitsOf(text));
