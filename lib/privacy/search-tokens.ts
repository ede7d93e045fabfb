import type { Customer } from '#lib/domain/customer.ts';
import { isEmail } from '#lib/domain/email.ts';
import type { HideableField } from '#lib/domain/hidden-fields.ts';
import { withoutInternationalPrefix } from '#lib/domain/phone-digits.ts';
import {
  emailBeginnings,
  FEWEST_PHONE_DIGITS,
  nameWords,
  type PhraseWord,
  phraseWords,
  searchedText,
} from '#lib/domain/search-words.ts';
import { emailKeys, phoneKeys } from './blind-index.ts';
import type { BusinessKeys } from './business-keys.ts';
import { keyedHashBy } from './keyed-hash.ts';

/** 2^64 values: within one business a false hit is not to be expected, and an index entry stays small. */
const TOKEN_BYTES = 8;
/** From here a word of digits is looked up as a whole phone number first. */
const FEWEST_WHOLE_PHONE_DIGITS = 7;

type Namespace = 'search-name' | 'search-email' | 'search-phone';

const token = (keys: BusinessKeys, key: { purpose: Namespace; keyId: string }, gram: string): Buffer =>
  keyedHashBy(keys, key, gram).subarray(0, TOKEN_BYTES);

/** Every beginning of a word, from one character to all of it. */
const beginnings = (word: string): string[] => {
  const characters = Array.from(word);
  return characters.map((_, index) => characters.slice(0, index + 1).join(''));
};

const endings = (digits: string): string[] =>
  Array.from({ length: Math.max(0, digits.length - FEWEST_PHONE_DIGITS + 1) }, (_, start) =>
    digits.slice(start),
  );

/** What of a customer can be searched. */
export type Searchable = Pick<Customer, 'firstName' | 'lastName' | 'email' | 'phone'>;

/**
 * The tokens that a customer is found by: every beginning of each name, up to 32 characters, some of the email,
 * and every beginning and every ending from four digits of the phone. With the current key only.
 */
export const customerTokens = (keys: BusinessKeys, customer: Searchable): Buffer[] => {
  const { firstName, lastName, email, phone } = customer;
  const names = new Set(nameWords(`${firstName ?? ''} ${lastName ?? ''}`).flatMap(beginnings));
  const digits = new Set([...beginnings(phone ?? ''), ...endings(phone ?? '')]);
  const keyId = keys.currentKeyId;
  return [
    ...[...names].map((gram) => token(keys, { purpose: 'search-name', keyId }, gram)),
    ...emailBeginnings(searchedText(email ?? '')).map((gram) =>
      token(keys, { purpose: 'search-email', keyId }, gram),
    ),
    ...[...digits].map((gram) => token(keys, { purpose: 'search-phone', keyId }, gram)),
  ];
};

/** How one word of a phrase is looked for; a customer must match every word. */
export type WordTokens = Readonly<{
  /** Any one of them among a customer's tokens is a match. */
  tokens: Buffer[];
  /** When the word is a whole email: its keys, to be looked up first; the tokens count if nobody has it. */
  emailKeys: Buffer[] | null;
  /** Likewise when it is a whole phone number, of seven digits or more. */
  phoneKeys: Buffer[] | null;
}>;

/** A word of digits may begin a name or an email too. With a leading 00 it may begin a number or end one. */
const tokensOf = (keys: BusinessKeys, word: PhraseWord, hidden: readonly HideableField[]): Buffer[] => {
  const texts = word.text === null ? [] : [word.text];
  const emails = hidden.includes('email') ? [] : texts.flatMap((text) => emailBeginnings(text).slice(-1));
  const phones =
    word.digits === null || hidden.includes('phone')
      ? []
      : new Set([word.digits, withoutInternationalPrefix(word.digits)]);
  return keys.keyIds.flatMap((keyId) => [
    ...texts.map((gram) => token(keys, { purpose: 'search-name', keyId }, gram)),
    ...emails.map((gram) => token(keys, { purpose: 'search-email', keyId }, gram)),
    ...Array.from(phones, (gram) => token(keys, { purpose: 'search-phone', keyId }, gram)),
  ]);
};

const isWholePhone = ({ digits }: PhraseWord): boolean =>
  digits !== null && withoutInternationalPrefix(digits).length >= FEWEST_WHOLE_PHONE_DIGITS;

/**
 * What finds a phrase's words, in their order, with every key of the ring.
 * @param hidden what the caller may not see: it finds these fields as a whole only, never by a part
 */
export const phraseTokens = (
  keys: BusinessKeys,
  phrase: string,
  hidden: readonly HideableField[],
): readonly WordTokens[] =>
  phraseWords(phrase).map((word) => ({
    tokens: tokensOf(keys, word, hidden),
    emailKeys: isEmail(word.written) ? emailKeys(keys, word.written) : null,
    phoneKeys: isWholePhone(word) ? phoneKeys(keys, word.written) : null,
  }));
