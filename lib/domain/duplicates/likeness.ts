import type { Customer } from '#lib/domain/customers/customer.ts';
import type { HideableField } from '#lib/domain/access/hidden-fields.ts';
import {
  dialledDigits,
  type EmailParts,
  emailParts,
  isOneSlip,
  lettersOfName,
  wordsOfName,
} from '#lib/domain/spelling/comparison.ts';

/** The fields of two customers that are compared. */
export type Comparable = Pick<Customer, 'firstName' | 'lastName' | 'email' | 'phone'>;

/** Reasons why two customers may be the same person. */
// prettier-ignore
export const REASONS = [
  'same-email', 'same-phone', 'same-name', 'swapped-names', 'similar-name', 'similar-email', 'similar-phone',
] as const;
export type Reason = (typeof REASONS)[number];

/** How strong each reason is on its own, from 0 to 1. */
const WEIGHTS: Readonly<Record<Reason, number>> = {
  'same-email': 0.75,
  'same-phone': 0.6,
  'same-name': 0.5,
  'swapped-names': 0.5,
  'similar-name': 0.4,
  'similar-email': 0.35,
  'similar-phone': 0.25,
};
const OF_NAMES: ReadonlySet<Reason> = new Set(['same-name', 'swapped-names', 'similar-name']);

/** Pairs below this score are not shown. */
const LEAST_SCORE = 40;
/** If more customers than this have a name, the name alone is not enough to show a pair. */
const MOST_WITH_RARE_NAME = 3;

/** How alike two customers are. */
export type Likeness = Readonly<{
  /** From 0 to 100. The reasons count as independent of each other. */
  score: number;
  /** At most one reason each for names, emails and phones. */
  reasons: readonly Reason[];
}>;

/**
 * How alike two customers are. Their order makes no difference.
 * @param hidden fields that the reader may not see. They count only if they are the same: "nearly the same" would
 * reveal a part of the value
 */
export const likenessOf = (
  one: Comparable,
  other: Comparable,
  hidden: readonly HideableField[] = [],
): Likeness => {
  const compared = [
    likeNames(one, other),
    likeContacts(likeEmails, [one.email, other.email], hidden.includes('email')),
    likeContacts(likePhones, [one.phone, other.phone], hidden.includes('phone')),
  ];
  const reasons = compared.filter((reason) => reason !== null);
  const doubt = reasons.reduce((left, reason) => left * (1 - WEIGHTS[reason]), 1);
  return { score: Math.round(100 * (1 - doubt)), reasons };
};

/**
 * Whether two customers are alike enough to be shown.
 * @param sharing how many customers have the rarest part of the name that these two share
 */
export const isWorthShowing = ({ score, reasons }: Likeness, sharing: number): boolean =>
  score >= LEAST_SCORE && (sharing <= MOST_WITH_RARE_NAME || reasons.some((reason) => !OF_NAMES.has(reason)));

/** A first name alone does not identify anyone. */
const FEWEST_WORDS = 2;

const likeNames = (one: Comparable, other: Comparable): Reason | null => {
  const words = wordsOfName(one.firstName, one.lastName);
  const otherWords = wordsOfName(other.firstName, other.lastName);
  if (Math.min(words.length, otherWords.length) < FEWEST_WORDS) return null;
  const [text, otherText] = [words.join(' '), otherWords.join(' ')];
  if (text === otherText) return 'same-name';
  if (words.toSorted().join(' ') === otherWords.toSorted().join(' ')) return 'swapped-names';
  // One wrong letter can change two letters where spellings are one: "Maek" is compared as "mak", "Mkek" as "mkek".
  const [letters, otherLetters] = [one, other].map(({ firstName, lastName }) =>
    lettersOfName(firstName, lastName).join(' '),
  );
  return isOneSlip(text, otherText) || isOneSlip(letters ?? '', otherLetters ?? '') ? 'similar-name' : null;
};

const likeContacts = (
  like: (one: string, other: string) => Readonly<{ reason: Reason; isWhole: boolean }> | null,
  [one, other]: readonly [string | null, string | null],
  isHidden: boolean,
): Reason | null => {
  const found = one === null || other === null ? null : like(one, other);
  return found === null || (isHidden && !found.isWhole) ? null : found.reason;
};

const likeEmails = (one: string, other: string) => {
  const [parts, otherParts] = [emailParts(one), emailParts(other)];
  const [text, otherText] = [addressOf(parts), addressOf(otherParts)];
  if (text === otherText) return { reason: 'same-email', isWhole: true } as const;
  const isSimilar = parts.mailbox === otherParts.mailbox || isOneSlip(text, otherText);
  return isSimilar ? ({ reason: 'similar-email', isWhole: false } as const) : null;
};

const addressOf = ({ local, domain }: EmailParts): string => `${local}@${domain}`;

/** This many last digits identify a phone. The digits before them are a country code or a network prefix. */
const FEWEST_SAME_DIGITS = 8;
/** One typing error is looked for in this many last digits. */
const TYPED_DIGITS = 9;

const likePhones = (one: string, other: string) => {
  const [digits, otherDigits] = [dialledDigits(one), dialledDigits(other)];
  const [shorter, longer] =
    digits.length < otherDigits.length ? [digits, otherDigits] : [otherDigits, digits];
  if (shorter !== longer && shorter.length < FEWEST_SAME_DIGITS) return null;
  if (longer.endsWith(shorter)) return { reason: 'same-phone', isWhole: true } as const;
  const [end, otherEnd] = [shorter.slice(-TYPED_DIGITS), longer.slice(-TYPED_DIGITS)];
  const isSimilar = end === otherEnd || isOneSlip(end, otherEnd);
  return isSimilar ? ({ reason: 'similar-phone', isWhole: false } as const) : null;
};
