import type { Customer } from './customer.ts';
import type { HideableField } from './hidden-fields.ts';
import { dialledDigits, type EmailParts, emailParts, isOneSlip, wordsOfName } from './spelling.ts';

/** What of two customers is compared. */
export type Comparable = Pick<Customer, 'firstName' | 'lastName' | 'email' | 'phone'>;

/** Why two customers may be one person. */
// prettier-ignore
export const REASONS = [
  'same-email', 'same-phone', 'same-name', 'swapped-names', 'similar-name', 'similar-email', 'similar-phone',
] as const;
export type Reason = (typeof REASONS)[number];

/** How much each says by itself, from 0 to 1. */
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

/** What is below is not worth a look. */
const LEAST_SCORE = 40;
/** A name that so many customers have says something by itself; one that more have does not. */
const MOST_WITH_RARE_NAME = 3;

/** How alike two customers are. */
export type Likeness = Readonly<{
  /** From 0 to 100: as if each reason were a witness that knows nothing of the others. */
  score: number;
  /** Of names, emails and phones one at most each. */
  reasons: readonly Reason[];
}>;

/**
 * How alike two customers are, in whichever order they come.
 * @param hidden what the reader may not see: it counts as a whole only, since "nearly the same" would tell a part of it
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
 * Whether they are alike enough to be shown to somebody.
 * @param sharing how many customers have the rarest part of a name that both have
 */
export const isWorthShowing = ({ score, reasons }: Likeness, sharing: number): boolean =>
  score >= LEAST_SCORE && (sharing <= MOST_WITH_RARE_NAME || reasons.some((reason) => !OF_NAMES.has(reason)));

/** A first name alone is nobody's in particular. */
const FEWEST_WORDS = 2;

const likeNames = (one: Comparable, other: Comparable): Reason | null => {
  const words = wordsOfName(one.firstName, one.lastName);
  const otherWords = wordsOfName(other.firstName, other.lastName);
  if (Math.min(words.length, otherWords.length) < FEWEST_WORDS) return null;
  const [text, otherText] = [words.join(' '), otherWords.join(' ')];
  if (text === otherText) return 'same-name';
  if (words.toSorted().join(' ') === otherWords.toSorted().join(' ')) return 'swapped-names';
  return isOneSlip(text, otherText) ? 'similar-name' : null;
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

/** So many last digits are a number of somebody's; what comes before is a country's or an operator's. */
const FEWEST_SAME_DIGITS = 8;
/** The digits at the end in which one wrong digit is looked for. */
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
