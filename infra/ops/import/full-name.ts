/** The two names that a text in one column is split into. */
export type SplitName = Readonly<{ firstName: string; lastName: string }>;

/** The rule of `splitName`, as it is printed. */
export const SPLIT_RULE =
  'Before a comma stands the last name. Without a comma, the last word is the last name, together with words in small letters ' +
  'before it ("van der"). A single word is the first name.';

/** The rule of `splitLastNameFirst`, as it is printed. */
export const LAST_NAME_FIRST_RULE =
  'The first word, or what stands before a comma, is the last name. All other words are the first name.';

const wordsOf = (text: string): readonly string[] => text.split(/\s+/u).filter((word) => word !== '');

const atComma = (text: string): SplitName | null => {
  const [lastName = '', ...rest] = text.split(',');
  const firstName = rest.join(',').trim();
  return firstName === '' ? null : { firstName, lastName: lastName.trim() };
};

const isSmall = (word: string): boolean => word === word.toLowerCase() && word !== word.toUpperCase();

/** Splits a full name with the first name in front, as `Anna van der Berg`, or `Berg, Anna`. */
export const splitName = (text: string): SplitName => {
  const parts = atComma(text);
  if (parts !== null) return parts;
  const words = wordsOf(text.replace(/,\s*$/u, ''));
  let from = Math.max(1, words.length - 1);
  if (!isSmall(words.at(-1) ?? '')) while (from > 1 && isSmall(words[from - 1] ?? '')) from -= 1;
  return { firstName: words.slice(0, from).join(' '), lastName: words.slice(from).join(' ') };
};

/** Splits a full name with the last name in front, as `Berg Anna Maria`. */
export const splitLastNameFirst = (text: string): SplitName => {
  const parts = atComma(text);
  if (parts !== null) return parts;
  const [first = '', ...others] = wordsOf(text.replace(/,\s*$/u, ''));
  return others.length === 0
    ? { firstName: first, lastName: '' }
    : { firstName: others.join(' '), lastName: first };
};
