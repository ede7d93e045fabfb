const HIDDEN = '•••';
/** A first letter is shown only if at least this many other characters of the name stay hidden. */
const FEWEST_HIDDEN_CHARACTERS = 3;
const SHOWN_DIGITS = 2;
/** The last digits are shown only if at least this many others stay hidden. */
const FEWEST_HIDDEN_DIGITS = 7;

/**
 * `anna@example.com` becomes `a•••@•••.com`: at most the first letter and the top-level domain stay. Of a name of up to
 * three characters no letter stays.
 */
export const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@');
  const dot = email.lastIndexOf('.');
  const name = Array.from(email.slice(0, Math.max(0, at)));
  const letter = name.slice(0, name.length > FEWEST_HIDDEN_CHARACTERS ? 1 : 0).join('');
  const topLevel = dot > at ? email.slice(dot) : '';
  return `${letter}${HIDDEN}@${HIDDEN}${topLevel}`;
};

const NOT_DIGITS = /\D+/g;

/** Only the last two digits stay, and only if at least seven are hidden. A `+` and punctuation do not count. */
export const maskPhone = (phone: string): string => {
  const digits = phone.replaceAll(NOT_DIGITS, '');
  const isLongEnough = digits.length >= SHOWN_DIGITS + FEWEST_HIDDEN_DIGITS;
  return isLongEnough ? `${HIDDEN}${digits.slice(-SHOWN_DIGITS)}` : HIDDEN;
};

/** Nothing of a note stays. */
export const maskNote = (): string => HIDDEN;
