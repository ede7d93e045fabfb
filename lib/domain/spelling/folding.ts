import { domainToAscii, meantEmail } from './email.ts';

/**
 * The same text for every case and width: NFKC, lower case without a locale, one sigma (because the lower case of `Σ`
 * depends on its neighbours). Folding twice changes nothing.
 */
export const foldText = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');

/**
 * The same text for every spelling of an email: case and width folded, no invisible characters, the domain by IDNA.
 */
export const foldEmail = (email: string): string => {
  // Folding can turn a mark into a space and a mark.
  const folded = foldText(meantEmail(email)).trim();
  const at = folded.lastIndexOf('@');
  if (at === -1) return folded;
  const domain = folded.slice(at + 1);
  return `${folded.slice(0, at)}@${domainToAscii(domain) ?? domain}`;
};

/** A control character that is not white space, for example NUL. It shows nothing; pastes and old databases bring it. */
const CONTROL = /(?!\p{White_Space})\p{Cc}/gu;

/** The text without control characters. White space stays, including tabs and line breaks. */
export const withoutControls = (text: string): string => text.replace(CONTROL, '');

/** How people type letters that have no decomposition when these are not on their keyboard. */
// prettier-ignore
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ł: 'l', ø: 'o', đ: 'd', ð: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', þ: 'th', ŋ: 'n', ħ: 'h', ŧ: 't',
  ĸ: 'k', ə: 'e', ƒ: 'f', ɓ: 'b', ɗ: 'd', ƙ: 'k', ƴ: 'y', ɛ: 'e', ɔ: 'o', ς: 'σ',
};
const SPECIAL_LETTER = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'gu');

/** People type these instead of each other, and often leave them out. */
const APOSTROPHE = new RegExp("['’‘‛′ʼʻʹ`´]", 'gu');
const IGNORED = /['\p{Default_Ignorable_Code_Point}]/gu;
const DASH = /\p{Pd}/gu;
/** Marks that may be left out. In other scripts a mark makes a different letter (й is not и) or a vowel. */
const MARKS = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu;

/**
 * A name as people search for it: lower case, Latin and Greek letters without marks, letters without a decomposition
 * in their plain spelling, one kind of dash, no apostrophes (`O’Connor` becomes `oconnor`). Other scripts keep their
 * letters: `йосип` is not `иосип`. Control characters are left out. Folding twice changes nothing.
 */
export const foldName = (text: string): string =>
  withoutControls(text)
    .replace(APOSTROPHE, "'")
    .normalize('NFKD')
    .replace(APOSTROPHE, "'")
    .replace(IGNORED, '')
    .toLowerCase()
    .replace(MARKS, '$1')
    .replace(SPECIAL_LETTER, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .replace(DASH, '-')
    .normalize('NFKC');
