const HIDDEN = '•••';
const SHOWN_DIGITS = 2;

const firstOf = (text: string): string => Array.from(text)[0] ?? '';

/** `anna@example.com` becomes `a•••@e•••.com`. */
export const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  const topLevel = domain.slice(domain.lastIndexOf('.') + 1);
  return `${firstOf(email)}${HIDDEN}@${firstOf(domain)}${HIDDEN}.${topLevel}`;
};

/** The last two digits are left. */
export const maskPhone = (digits: string): string => `${HIDDEN}${digits.slice(-SHOWN_DIGITS)}`;

/** Nothing of a note is left. */
export const maskNote = (): string => HIDDEN;
