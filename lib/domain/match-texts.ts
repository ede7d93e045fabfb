import type { Comparable } from './duplicates.ts';
import { dialledDigits, emailParts, wordsOfName } from './spelling.ts';

/** What two customers may have in common. */
export const MATCH_KINDS = ['name', 'email', 'phone'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

/** A text that customers who may be one person have in common; who has none in common with another is not compared. */
export type MatchText = Readonly<{ kind: MatchKind; text: string }>;

const PHONE_DIGITS = 8;
/** As many consonants of a name are left out in turn; each one is a key more for every customer. */
const MOST_LEFT_OUT = 12;

/** In Latin and Cyrillic. Other scripts have fewer letters a name, and all of them are kept. */
const VOWELS = /[aeiouyаеєиіїоуыэюя]/gu;

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
  return [{ kind: 'email', text: `email ${mailbox}@${domain.slice(0, 1)}` }];
};

const ofPhone = (phone: string): MatchText[] => [
  { kind: 'phone', text: `phone ${dialledDigits(phone).slice(-PHONE_DIGITS)}` },
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
    { kind: 'name', text: `name ${inOrder(words)}` },
    ...[...new Set(slips)].map((text): MatchText => ({ kind: 'name', text: `slip ${text}` })),
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
