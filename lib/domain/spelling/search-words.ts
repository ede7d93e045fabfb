import { isEmail } from './email.ts';
import { foldName } from './folding.ts';
import { type PhoneText, phoneTextOf } from './phone-digits.ts';
import { type PhrasePart, phraseParts, splitWords, withoutTrailingSigns } from './phrase.ts';
import { askedBeginnings, storedBeginnings } from './spelling-classes.ts';

/** The search compares this many characters (code points) of a word and ignores the rest. */
export const SEARCHED_CHARACTERS = 32;

/**
 * Lengths, in characters, of the beginnings by which an email is found. Each one is an entry of the search index,
 * which is larger than the data itself. There are few long ones, because few customers of a business share twelve
 * letters and a whole email is found by its key. After removing a length, stored data stays valid; after adding one,
 * every customer must be rewritten.
 */
const EMAIL_LENGTHS = [...Array.from({ length: 12 }, (_, index) => index + 1), 16, 24, SEARCHED_CHARACTERS];

/**
 * UTF-16 units that are enough for these characters with their marks. Cutting first keeps the time for long words
 * linear.
 */
const SEARCHED_UNITS = 4 * SEARCHED_CHARACTERS;

/** A word with this many digits is first looked up as a whole phone number. */
const FEWEST_WHOLE_PHONE_DIGITS = 7;

const NAME_START = /(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]/gu;
/**
 * Unicode counts these as letters, but people use them as apostrophes. The pattern is made from a string because it is
 * not ASCII: infra/build/bundles.ts says why.
 */
const LETTER_APOSTROPHE = new RegExp('[ʼʻʹ]', 'gu');

/** The beginning of an email that the search compares, folded. */
export const searchedText = (email: string): string =>
  Array.from(foldName(email.slice(0, SEARCHED_UNITS)))
    .slice(0, SEARCHED_CHARACTERS)
    .join('');

/** The beginnings by which a folded email is found, shortest first. A search uses the last one of its own word. */
export const emailBeginnings = (folded: string): readonly string[] => {
  const characters = Array.from(folded);
  return EMAIL_LENGTHS.filter((length) => length <= characters.length).map((length) =>
    characters.slice(0, length).join(''),
  );
};

/**
 * The rest of a word from each place where a name begins: at its start, and after a hyphen, an apostrophe or a dot.
 */
const namesIn = (word: string): string[] => {
  const starts = [...word.replace(LETTER_APOSTROPHE, "'").matchAll(NAME_START)].map(({ index }) => index);
  return [0, ...starts].map((start) => word.slice(start, start + SEARCHED_UNITS));
};

/**
 * The beginnings by which a name is found, for every word without the signs at its end, and for every part of it up to its
 * end. `Müller-Lüdenscheidt` gives those of `muller-ludenscheidt` and `ludenscheidt`; `O'Connor` those of `oconnor` and
 * `connor`.
 */
export const nameBeginnings = (text: string): readonly (readonly string[])[] => {
  const words = new Set(splitWords(text).flatMap((word) => namesIn(withoutTrailingSigns(word))));
  return Array.from(words, (word) => storedBeginnings(word, SEARCHED_CHARACTERS)).filter(
    (beginnings) => beginnings.length > 0,
  );
};

/** A word of a search phrase, in the forms in which it can match. */
export type PhraseWord = Readonly<{
  /** As typed, without the signs around it, to match a whole email or phone. */
  written: string;
  /** The beginnings of a name that it can be. None for a phone number written with spaces. */
  names: readonly string[];
  /** The beginning of an email, folded as emails are, with the signs before it. Null if it cannot be one. */
  email: string | null;
  /** The phone or its beginning or end, if it only has digits and the signs of phones. */
  phone: PhoneText | null;
}>;

const phraseWord = ({ written, typed, isPhone, isSpaced }: PhrasePart): PhraseWord => ({
  written: isEmail(typed) ? typed : written,
  names: isSpaced ? [] : askedBeginnings(written.slice(0, SEARCHED_UNITS), SEARCHED_CHARACTERS),
  email: isSpaced ? null : searchedText(typed) || null,
  phone: isPhone ? phoneTextOf(written) : null,
});

/**
 * The words of a search phrase. Digits with only spaces and `+ ( ) - . /` between them are one phone if there are four or
 * more. The rest is split at white space, and signs around a word are no part of it. Words of which nothing is left after
 * folding are dropped.
 */
export const phraseWords = (phrase: string): readonly PhraseWord[] =>
  phraseParts(phrase)
    .map(phraseWord)
    .filter(({ names, email, phone }) => names.length > 0 || email !== null || phone !== null);

/** Whether a phrase has no word to search for, for example only spaces. It then counts as absent. */
export const isBlankPhrase = (phrase: string): boolean => phraseWords(phrase).length === 0;

/** Whether a word is looked up as a whole email. */
export const isWholeEmail = ({ written }: PhraseWord): boolean => isEmail(written);

/** Whether a word is looked up as a whole phone. */
export const isWholePhone = ({ phone }: PhraseWord): boolean =>
  phone !== null && phone.digits.length >= FEWEST_WHOLE_PHONE_DIGITS;

/** Whether a phrase has a whole email or a whole phone among its words. */
export const hasWholeContact = (phrase: string): boolean =>
  phraseWords(phrase).some((word) => isWholeEmail(word) || isWholePhone(word));

/** Whether a phrase has digits that may be a national number, so that the country of the business matters. */
export const needsCountry = (phrase: string): boolean =>
  phraseWords(phrase).some(({ phone }) => phone !== null && phone.dialled !== null);
