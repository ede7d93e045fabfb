import { domainToAscii, meantEmail } from './email.ts';
import { phoneDigits } from './phone-digits.ts';

/**
 * The same text for every case and width: NFKC, lower case without a locale, one sigma (`Σ` in lower case
 * depends on its neighbours). Folding twice changes nothing.
 */
export const foldText = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');

/** What two spellings of one email have in common: case and width folded, nothing invisible, the domain by IDNA. */
export const foldEmail = (email: string): string => {
  // Folding turns some marks into a space and a mark.
  const folded = foldText(meantEmail(email)).trim();
  const at = folded.lastIndexOf('@');
  if (at === -1) return folded;
  const domain = folded.slice(at + 1);
  return `${folded.slice(0, at)}@${domainToAscii(domain) ?? domain}`;
};

/**
 * What two spellings of one phone number have in common. National and international ones stay two numbers.
 */
export const foldPhone = phoneDigits;

/** Letters without a decomposition, as people write them who do not have them on the keyboard. */
// prettier-ignore
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ł: 'l', ø: 'o', đ: 'd', ð: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', þ: 'th', ŋ: 'n', ħ: 'h', ŧ: 't',
  ĸ: 'k', ə: 'e', ƒ: 'f', ɓ: 'b', ɗ: 'd', ƙ: 'k', ƴ: 'y', ɛ: 'e', ɔ: 'o', ς: 'σ',
};
const SPECIAL_LETTER = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'gu');

/** Typed one for another, and left out as often as not. */
const APOSTROPHE = new RegExp("['’‘‛′ʼʻʹ`´]", 'gu');
const IGNORED = /['\p{Default_Ignorable_Code_Point}]/gu;
const DASH = /\p{Pd}/gu;
/** Marks that may be left out. In other scripts they make another letter (й is not и) or a vowel. */
const MARKS = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu;

/**
 * A name as people search for it: marks removed from Latin and Greek letters, letters without a decomposition
 * spelled plainly, lower case, one kind of dash, no apostrophes (`O’Connor` is `oconnor`). Other scripts keep
 * their letters: `йосип` is not `иосип`. Folding twice changes nothing.
 */
export const foldName = (text: string): string =>
  text
    .replace(APOSTROPHE, "'")
    .normalize('NFKD')
    .replace(APOSTROPHE, "'")
    .replace(IGNORED, '')
    .toLowerCase()
    .replace(MARKS, '$1')
    .replace(SPECIAL_LETTER, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .replace(DASH, '-')
    .normalize('NFKC');
