import { foldEmail, foldName } from './folding.ts';
import { foldPhone } from './phone-forms.ts';
import { searchedName } from './spelling-classes.ts';

/** Providers that ignore dots before the `@`. */
const IGNORING_DOTS: ReadonlySet<string> = new Set(['gmail.com']);
/** Providers that deliver `anna+shop@…` to `anna@…`. */
const IGNORING_TAGS: ReadonlySet<string> = new Set([
  ...IGNORING_DOTS,
  ...['outlook.com', 'hotmail.com', 'live.com', 'icloud.com', 'me.com'],
  ...['proton.me', 'protonmail.com', 'fastmail.com'],
]);
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([['googlemail.com', 'gmail.com']]);

const TAG = /(?<=.)\+.*/u;

/**
 * The parts of an email. `mailbox` is the text before the `@` without dots and tag. `local` is the same text with only
 * those removed that its provider ignores.
 */
export type EmailParts = Readonly<{ mailbox: string; local: string; domain: string }>;

/** Splits an email into the parts that are compared. */
export const emailParts = (email: string): EmailParts => {
  const folded = foldEmail(email);
  const at = folded.lastIndexOf('@');
  const written = folded.slice(0, at);
  const asked = folded.slice(at + 1);
  const domain = OTHER_NAMES.get(asked) ?? asked;
  const untagged = IGNORING_TAGS.has(domain) ? written.replace(TAG, '') : written;
  return {
    mailbox: written.replace(TAG, '').replaceAll('.', ''),
    local: IGNORING_DOTS.has(domain) ? untagged.replaceAll('.', '') : untagged,
    domain,
  };
};

/** The digits of a phone without the leading zero that some countries use for national calls. */
export const dialledDigits = (phone: string): string => foldPhone(phone).replace(/^0/, '');

const BETWEEN_NAMES = /[^\p{L}\p{M}\p{N}]/u;

const split = (folded: string): string[] => folded.split(BETWEEN_NAMES).filter((word) => word !== '');

/**
 * The words of a name, with all usual spellings of a letter as one. Both name fields together, because people often swap
 * them.
 */
export const wordsOfName = (...names: readonly (string | null)[]): readonly string[] =>
  names.flatMap((name) => split(searchedName(name ?? '')));

/** The folded words of a name, letter by letter, to look for one typing error in. */
export const lettersOfName = (...names: readonly (string | null)[]): readonly string[] =>
  names.flatMap((name) => split(foldName(name ?? '')));

/** Whether two texts differ by one letter that was inserted, left out, replaced or swapped with its neighbour. */
export const isOneSlip = (one: string, other: string): boolean => {
  if (one === other) return false;
  const [letters, otherLetters] = [Array.from(one), Array.from(other)];
  const [shorter, longer] =
    letters.length < otherLetters.length ? [letters, otherLetters] : [otherLetters, letters];
  const at = shorter.findIndex((letter, index) => letter !== longer[index]);
  const start = at === -1 ? shorter.length : at;
  const isSameFrom = (from: number, otherFrom: number): boolean =>
    shorter.slice(from).join('') === longer.slice(otherFrom).join('');
  if (shorter.length < longer.length) return isSameFrom(start, start + 1);
  const isSwapped = shorter[start] === longer[start + 1] && shorter[start + 1] === longer[start];
  return isSameFrom(start + 1, start + 1) || (isSwapped && isSameFrom(start + 2, start + 2));
};
