const LONGEST = 254;
const LONGEST_LOCAL_PART = 64;
const LONGEST_LABEL = 63;

/**
 * RFC 5322 atoms, and letters of every script as in RFC 6531. Quoted local parts are refused, because real ones are
 * rare.
 */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
/** Letters of any script. There is no list, so new top-level domains and those of tests are accepted. */
const TOP_LEVEL = /^(?:\p{L}[\p{L}\p{M}]+|xn--[a-z0-9-]*[a-z0-9])$/iu;

/**
 * A domain in its DNS form, by IDNA (`bücher.example` becomes `xn--bcher-kva.example`). Null when it has no DNS form
 * or no top-level domain.
 */
export const domainToAscii = (domain: string): string | null => {
  const labels = domain.split('.');
  const topLevel = labels.at(-1) ?? '';
  if (labels.length < 2 || !TOP_LEVEL.test(topLevel) || !labels.every((label) => LABEL.test(label)))
    return null;
  const url = URL.parse(`http://${domain}`);
  return url !== null && url.hostname.split('.').every((label) => label.length <= LONGEST_LABEL)
    ? url.hostname
    : null;
};

/** What shows nothing and is not white space, for example NUL or a zero-width space. */
const INVISIBLE = /(?!\p{White_Space})[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;

/** An email without the white space and the invisible characters that pasting often adds. */
export const meantEmail = (text: string): string => text.replaceAll(INVISIBLE, '').trim();

/** Whether a text has the syntax of an email address. It uses no list of top-level domains and no network. */
export const isEmail = (text: string): boolean => {
  if (text.length > LONGEST) return false;
  const [localPart = '', domain = '', ...more] = text.split('@');
  return (
    more.length === 0 &&
    localPart.length <= LONGEST_LOCAL_PART &&
    LOCAL_PART.test(localPart) &&
    domainToAscii(domain) !== null
  );
};
