const LONGEST = 254;
const LONGEST_LOCAL_PART = 64;
const LONGEST_LABEL = 63;

/** RFC 5322 atoms, and RFC 6531's letters of every script. Quoted local parts are refused: nobody has one. */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
/** Letters, in whatever script: no list, so that tomorrow's and made-up ones pass. */
const TOP_LEVEL = /^(?:\p{L}[\p{L}\p{M}]+|xn--[a-z0-9-]*[a-z0-9])$/iu;

/**
 * A domain as DNS spells it, by IDNA (`bücher.example` is `xn--bcher-kva.example`); null when it has no such
 * spelling or is no name with a top level.
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

/** An email as it was meant: white space around it and what cannot be seen come along when one is pasted. */
export const meantEmail = (text: string): string =>
  text.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '').trim();

/** Whether a text has the form of an email address. Syntax only: no list of top levels, no network. */
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
