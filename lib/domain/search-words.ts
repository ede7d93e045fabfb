import { foldName } from './folding.ts';
import { digitsOf } from './phone-digits.ts';

/** Characters (code points) of a word that the search looks at; what follows makes no difference. */
export const SEARCHED_CHARACTERS = 32;

/**
 * Lengths, in characters, of the beginnings that an email is found by. Each is an entry in the index that outweighs
 * all data, few customers of a business share twelve letters, and a whole email is found by its key. A length less
 * leaves what is stored valid; one more needs every customer written anew.
 */
const EMAIL_LENGTHS = [...Array.from({ length: 12 }, (_, index) => index + 1), 16, 24, SEARCHED_CHARACTERS];

/** UTF-16 units that hold so many characters, stacked marks included; keeps long words linear. */
const SEARCHED_UNITS = 4 * SEARCHED_CHARACTERS;

/** Fewest digits that a phrase must have to be one phone number, and that find a phone by its end. */
export const FEWEST_PHONE_DIGITS = 4;

const WHITE_SPACE = /\s+/u;
const NAME_START = /(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]/gu;
/** Letters to Unicode, apostrophes to people. Made of a text, as all with letters beyond ASCII: infra/build.ts says why. */
const LETTER_APOSTROPHE = new RegExp('[ʼʻʹ]', 'gu');
const PHONE_CHARACTERS = new RegExp('^[\\s0-9０-９٠-٩۰-۹+＋()./\\p{Pd}]+$', 'u');

const words = (text: string): string[] => text.split(WHITE_SPACE).filter((word) => word !== '');

/** The folded beginning of a word that the search looks at. */
export const searchedText = (word: string): string =>
  Array.from(foldName(word.slice(0, SEARCHED_UNITS)))
    .slice(0, SEARCHED_CHARACTERS)
    .join('');

/** The beginnings that a folded email is found by, shortest first; of a word of a phrase the last one is asked for. */
export const emailBeginnings = (folded: string): readonly string[] => {
  const characters = Array.from(folded);
  return EMAIL_LENGTHS.filter((length) => length <= characters.length).map((length) =>
    characters.slice(0, length).join(''),
  );
};

/**
 * The word from each place where a name begins in it: at its start and after a hyphen, an apostrophe, a dot…
 */
const namesIn = (word: string): string[] => {
  const starts = [...word.replace(LETTER_APOSTROPHE, "'").matchAll(NAME_START)].map(({ index }) => index);
  return [0, ...starts].map((start) => searchedText(word.slice(start)));
};

/**
 * What a word of a phrase may be the beginning of: every word of a name, and every part of one up to the
 * word's end. `Müller-Lüdenscheidt` gives `muller-ludenscheidt` and `ludenscheidt`, `O'Connor` gives
 * `oconnor` and `connor`.
 */
export const nameWords = (text: string): readonly string[] => [
  ...new Set(
    words(text)
      .flatMap(namesIn)
      .filter((word) => word !== ''),
  ),
];

/** A word of a phrase and what it may stand for. */
export type PhraseWord = Readonly<{
  /** As typed, for what must match as a whole. */
  written: string;
  /** Folded, as the beginning of a name or email; null for a phone number written with spaces. */
  text: string | null;
  /** The digits, when it holds nothing but digits and phone punctuation; a leading 00 is still there. */
  digits: string | null;
}>;

const isPhone = (text: string, fewestDigits: number): boolean =>
  PHONE_CHARACTERS.test(text) && digitsOf(text).length >= fewestDigits;

const phraseWord = (written: string): PhraseWord => ({
  written,
  text: searchedText(written),
  digits: isPhone(written, 1) ? digitsOf(written) : null,
});

/**
 * The words of a search phrase. It splits at white space only, and one of nothing but digits, spaces and
 * `+ ( ) - . /` with four or more digits is one phone number. A word that folds to nothing asks for nothing.
 */
export const phraseWords = (phrase: string): readonly PhraseWord[] => {
  const written = phrase.trim();
  const split = words(written);
  if (split.length > 1 && isPhone(written, FEWEST_PHONE_DIGITS)) {
    return [{ written, text: null, digits: digitsOf(written) }];
  }
  return split.map(phraseWord).filter(({ text }) => text !== '');
};

/** Whether a phrase has no word to look for, as one of spaces: it is no phrase at all. */
export const isBlankPhrase = (phrase: string): boolean => phraseWords(phrase).length === 0;
