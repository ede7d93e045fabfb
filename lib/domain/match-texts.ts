import type { Comparable } from './duplicates.ts';
import { dialledDigits, emailParts, wordsOfName } from './spelling.ts';

/** What two customers may have in common. */
export const MATCH_KINDS = ['name', 'email', 'phone'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

/** A text that customers who may be one person have in common; who has none in common with another is not compared. */
export type MatchText = Readonly<{
  kind: MatchKind;
  text: string;
  /** What more customers have than this leads nobody to anybody. */
  most: number;
}>;

/** Of a whole name, email or phone. */
export const MOST = 20;
/** One slip alone says something of rare names only, and what is left of common ones is had by very many. */
const MOST_WITH_SLIPS = 5;

const PHONE_DIGITS = 8;
/** As many consonants of a name are left out in turn; each one is a key more for every customer. */
const MOST_LEFT_OUT = 12;

/** In Latin and Cyrillic. Other scripts have fewer letters a name, and all of them are kept. */
const VOWELS = new RegExp('[aeiouyаеєиіїоуыэюя]', 'gu');

/**
 * What a customer is found by: the end of the phone, the mailbox with the first letter of its provider, the words of the
 * name in alphabetical order, and for slips the consonants of the name, all of them and all but one. Two names that are
 * one slip apart have the same consonants, or the same but for one in each.
 */
export const matchTexts = ({ firstName, lastName, email, phone }: Comparable): readonly MatchText[] => [
  ...ofName(wordsOfName(firstName, lastName)),
  ...(email === null ? [] : ofEmail(email)),
  ...(phone === null ? [] : ofPhone(phone)),
];

const ofEmail = (email: string): MatchText[] => {
  const { mailbox, domain } = emailParts(email);
  return [{ kind: 'email', text: `email ${mailbox}@${domain.slice(0, 1)}`, most: MOST }];
};

const ofPhone = (phone: string): MatchText[] => [
  { kind: 'phone', text: `phone ${dialledDigits(phone).slice(-PHONE_DIGITS)}`, most: MOST },
];

const inOrder = (words: readonly string[]): string =>
  words
    .filter((word) => word !== '')
    .toSorted()
    .join(' ');

/** A first name alone is had by too many. */
const ofName = (words: readonly string[]): MatchText[] => {
  if (words.length < 2) return [];
  const consonants = words.map((word) => word.replace(VOWELS, '')).toSorted();
  const slips = [inOrder(consonants), ...leavingOneOut(consonants)].filter((text) => text !== '');
  return [
    { kind: 'name', text: `name ${inOrder(words)}`, most: MOST },
    ...[...new Set(slips)].map((text): MatchText => ({
      kind: 'name',
      text: `slip ${text}`,
      most: MOST_WITH_SLIPS,
    })),
  ];
};

const leavingOneOut = (words: readonly string[]): string[] =>
  words
    .flatMap((word, place) => {
      const letters = Array.from(word);
      return letters.map((_letter, left) =>
        inOrder(words.with(place, letters.filter((_each, index) => index !== left).join(''))),
      );
    })
    .slice(0, MOST_LEFT_OUT);
