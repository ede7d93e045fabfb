import type { Comparable } from './likeness.ts';
import { dialledDigits, emailParts, lettersOfName, wordsOfName } from '#lib/domain/spelling/comparison.ts';

/** The kinds of values that two customers can share. */
export const MATCH_KINDS = ['name', 'email', 'phone'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

/** A text that customers share if they may be the same person. Only customers that share one are compared. */
export type MatchText = Readonly<{
  kind: MatchKind;
  text: string;
  /** Values shared by more customers than this are not used for matching. */
  most: number;
}>;

/** The limit for a whole name, email or phone. */
export const MOST = 20;
/**
 * The limit for names with one typing error. It is lower, because many people share the consonants of common names.
 */
const MOST_WITH_SLIPS = 5;

const PHONE_DIGITS = 8;
/** At most this many consonants of a name are left out in turn. Each one adds a key to every customer. */
const MOST_LEFT_OUT = 12;

/** Latin and Cyrillic vowels. Names in other scripts have fewer letters, so all of those are kept. */
const VOWELS = new RegExp('[aeiouyаеєиіїоуыэюя]', 'gu');

/**
 * The texts by which a customer's possible duplicates are found: the end of the phone, the mailbox with the first
 * letter of its domain, and the words of the name in alphabetical order, with all usual spellings of a letter as one. For typing errors there are also the
 * consonants of the name, all of them and all but one: two names that are one typing error apart have the same
 * consonants, or the same after one is left out of each.
 */
export const matchTexts = ({ firstName, lastName, email, phone }: Comparable): readonly MatchText[] => [
  ...ofName(wordsOfName(firstName, lastName), lettersOfName(firstName, lastName)),
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

/** Too many customers share a first name, so a single word gives no texts. */
const ofName = (words: readonly string[], letters: readonly string[]): MatchText[] => {
  if (words.length < 2) return [];
  const consonants = letters.map((word) => word.replace(VOWELS, '')).toSorted();
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
