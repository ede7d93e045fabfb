import { withoutControls } from './folding.ts';
import { digitsOf } from './phone-digits.ts';

/** A phrase needs at least this many digits in a row to be read as one phone, or to find a phone by its last digits. */
export const FEWEST_PHONE_DIGITS = 4;

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Text without white space. The control characters are those that `withoutControls` leaves: tabs and line breaks. */
const CHUNK = /[^\s\p{Cc}]+/gu;
const SCHEME = /(?<![\p{L}\p{M}\p{N}])(?:tel|mailto):/giu;

// The patterns below are made from strings because they are not ASCII: infra/build/bundles.ts says why.

/**
 * Signs that end a word wherever they are: commas, colons, quotes and brackets of all scripts. Not the apostrophes that
 * Unicode counts as quotes, not braces, which an email may contain, and not parentheses, which a phone may contain.
 */
const BREAK = new RegExp('(?![{}()（）‘’‛])[\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf},;:<>"＂，；：＜＞、،؛]', 'gu');
const PARENTHESES = new RegExp('[()（）]', 'gu');
const PHONE_CHARACTERS = new RegExp('^[0-9０-９٠-٩۰-۹+＋()（）./．／−\\p{Pd}]+$', 'u');
/** A plus begins a phone, so a second one begins a second phone. */
const PLUS = new RegExp('[+＋]', 'u');
/** A trunk zero in brackets after a country code. It is dialled only inside the country. */
const TRUNK_ZERO = new RegExp(
  '^([^0-9０-９٠-٩۰-۹]*[0-9０-９٠-٩۰-۹]{1,5}[\\s)）./\\p{Pd}]*)[(（]\\s*[0０٠۰]\\s*[)）]',
  'u',
);

/** Signs at the start and at the end of a word. An `@` stays: `anna@` begins an email, and is not the name Anna. */
const LEADING_SIGNS = /^(?:(?!@)\p{P})+(?=[\p{L}\p{N}])/u;
const TRAILING_SIGNS = /(?<!(?!@)\p{P})(?:(?!@)\p{P})+$/u;
/** A word without any of these is only signs. */
const MEANINGFUL = /[\p{L}\p{N}\p{So}]/u;

/** A word without the signs at its end, unless it has only signs. */
export const withoutTrailingSigns = (word: string): string =>
  MEANINGFUL.test(word) ? word.replace(TRAILING_SIGNS, '') : word;

const withoutSigns = (word: string): string => withoutTrailingSigns(word).replace(LEADING_SIGNS, '');

const chunksOf = (text: string): string[] => text.match(CHUNK) ?? [];

/** The words of a text, split at white space, commas, colons, quotes and brackets. They may have other signs around them. */
export const splitWords = (text: string): readonly string[] =>
  chunksOf(withoutControls(text).replace(BREAK, ' ').replace(PARENTHESES, ' '));

/** A word or a phone of a phrase, as typed. */
export type PhrasePart = Readonly<{
  /** Without the signs around it, unless it has only signs. */
  written: string;
  /** With the signs around it: an email may begin with some of them. */
  typed: string;
  isPhone: boolean;
  /** Whether it is a phone that was typed with spaces. It cannot be a name or an email then. */
  isSpaced: boolean;
}>;

const digitCount = (chunk: string): number => digitsOf(chunk).length;
const isPhoneChunk = (chunk: string): boolean => PHONE_CHARACTERS.test(withoutSigns(chunk));

const part = (typed: string, isSpaced: boolean): PhrasePart => ({
  written: withoutSigns(typed),
  typed,
  isPhone: isPhoneChunk(typed.replaceAll(' ', '')) && digitCount(typed) > 0,
  isSpaced,
});

/** Neighbouring chunks that only have the digits and signs of phones, or one other chunk. */
type Group = { readonly isPhone: boolean; readonly chunks: string[]; digits: number };

const grouped = (chunks: readonly string[]): readonly Group[] => {
  const groups: Group[] = [];
  for (const chunk of chunks) {
    const [last, digits] = [groups.at(-1), digitCount(chunk)];
    const isPhone = isPhoneChunk(chunk);
    if (isPhone && last?.isPhone === true && !PLUS.test(chunk)) {
      last.chunks.push(chunk);
      last.digits += digits;
    } else groups.push({ isPhone, chunks: [chunk], digits });
  }
  return groups;
};

/** One phone, or the words of a group that is no phone or has too few digits. */
const partsOf = ({ isPhone, chunks, digits }: Group): PhrasePart[] => {
  if (!isPhone || digits < FEWEST_PHONE_DIGITS)
    return chunks.flatMap(splitWords).map((word) => part(word, false));
  const isSpaced = chunks.filter((chunk) => digitCount(chunk) > 0).length > 1;
  return [part(chunks.join(isSpaced ? ' ' : '').replace(TRUNK_ZERO, '$1'), isSpaced)];
};

/**
 * The parts of a search phrase, in order: phones, and words split at white space and at signs that end a word. Parts of
 * only signs are left out unless there is no other part.
 */
export const phraseParts = (phrase: string): readonly PhrasePart[] => {
  const texts = withoutControls(phrase).replace(INVISIBLE, '').replace(SCHEME, ' ').split(BREAK);
  const parts = texts.flatMap((text) => grouped(chunksOf(text))).flatMap(partsOf);
  const meaningful = parts.filter(({ typed }) => MEANINGFUL.test(typed));
  return meaningful.length > 0 ? meaningful : parts;
};
