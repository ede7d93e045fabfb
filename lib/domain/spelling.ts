import { foldEmail, foldName, foldPhone } from './folding.ts';

/** Providers that deliver to the same mailbox whatever dots the name before the `@` has. */
const IGNORING_DOTS: ReadonlySet<string> = new Set(['gmail.com']);
/** And those that deliver `anna+shop@…` to `anna@…`. */
const IGNORING_TAGS: ReadonlySet<string> = new Set([
  ...IGNORING_DOTS,
  ...['outlook.com', 'hotmail.com', 'live.com', 'icloud.com', 'me.com'],
  ...['proton.me', 'protonmail.com', 'fastmail.com'],
]);
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([['googlemail.com', 'gmail.com']]);

const TAG = /(?<=.)\+.*/u;

/** An email taken apart: what is before the `@` without dots and tag, what is left of that by its provider's rules, and where it is. */
export type EmailParts = Readonly<{ mailbox: string; local: string; domain: string }>;

/** Takes an email apart for comparing. */
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

/** Digits of a phone without the zero that some countries dial before it at home. */
export const dialledDigits = (phone: string): string => foldPhone(phone).replace(/^0/, '');

const BETWEEN_NAMES = /[^\p{L}\p{M}\p{N}]/u;

/** The folded words of a name: of both fields, since nobody agrees which part belongs where. */
export const wordsOfName = (...names: readonly (string | null)[]): readonly string[] =>
  names.flatMap((name) => foldName(name ?? '').split(BETWEEN_NAMES)).filter((word) => word !== '');

/** Whether one letter inserted, left out, replaced, or swapped with its neighbour makes one text of the other. */
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
