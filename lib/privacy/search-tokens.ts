import type { Customer } from '#lib/domain/customers/customer.ts';
import type { HideableField } from '#lib/domain/access/hidden-fields.ts';
import type { PhoneText } from '#lib/domain/spelling/phone-digits.ts';
import { meantBeginning, meantNumbers, phoneParts } from '#lib/domain/spelling/phone-forms.ts';
import { FEWEST_PHONE_DIGITS } from '#lib/domain/spelling/phrase.ts';
import {
  emailBeginnings,
  isWholeEmail,
  isWholePhone,
  nameBeginnings,
  type PhraseWord,
  phraseWords,
  searchedText,
} from '#lib/domain/spelling/search-words.ts';
import { askedPhoneKeys, emailKeys } from './blind-index.ts';
import type { BusinessKeys } from './business-keys.ts';
import { inNoOrder, keyedHashBy } from './keyed-hash.ts';

/** 2^64 values. A false hit within one business is very unlikely, and index entries stay small. */
const TOKEN_BYTES = 8;

const NAMESPACES = ['search-name', 'search-email', 'search-phone'] as const;
type Namespace = (typeof NAMESPACES)[number];

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

/** Calling codes are marked, so that the beginning of a national number is not found by the code of another one. */
const codeGram = (code: string): string => `+${code}`;

const phoneGrams = (phone: string): ReadonlySet<string> => {
  const { code, national } = phoneParts(phone);
  // The whole number has no token: its code and its beginning find it.
  const ends = endings(`${code}${national}`).slice(1);
  return new Set([...beginnings(code).map(codeGram), ...beginnings(national), ...ends]);
};

/** The fields of a customer that can be searched. */
export type Searchable = Pick<Customer, 'firstName' | 'lastName' | 'email' | 'phone'>;

/**
 * The tokens by which a customer is found: every beginning of each name up to 32 characters, some beginnings of the
 * email, and of the phone its calling code, and every beginning and every ending of at least four digits of the number
 * without the code. They are made with the current key only, and sorted: in the order of the texts they would show how many letters two customers share.
 */
export const customerTokens = (keys: BusinessKeys, customer: Searchable): Buffer[] => {
  const { firstName, lastName, email, phone } = customer;
  const names = new Set(nameBeginnings(`${firstName ?? ''} ${lastName ?? ''}`).flat());
  const digits = phone === null ? [] : phoneGrams(phone);
  const keyId = keys.currentKeyId;
  return inNoOrder([
    ...[...names].map((gram) => token(keys, { purpose: 'search-name', keyId }, gram)),
    ...emailBeginnings(searchedText(email ?? '')).map((gram) =>
      token(keys, { purpose: 'search-email', keyId }, gram),
    ),
    ...[...digits].map((gram) => token(keys, { purpose: 'search-phone', keyId }, gram)),
  ]);
};

/** How one word of a phrase is searched. A customer must match every word. */
export type WordTokens = Readonly<{
  /** A customer matches if it has a token of each list. The first list is met by the fewest customers. */
  tokens: readonly Buffer[][];
  /**
   * If the word is a whole email: its keys, which are looked up first. The tokens count only if no customer has it.
   */
  emailKeys: Buffer[] | null;
  /** Likewise if it is a whole phone number of at least seven digits. */
  phoneKeys: Buffer[] | null;
}>;

/** What a phrase is searched by: the caller's business, and what its role may see. */
export type Searcher = Readonly<{
  /** ISO 3166-1 alpha-2 code, for phones without a country code. */
  country: string;
  /** Fields that the caller may not see. They are found only by their whole value. */
  hidden: readonly HideableField[];
}>;

type Grams = Readonly<Record<Namespace, readonly string[]>>;

const tokensOf = (keys: BusinessKeys, grams: Grams): Buffer[] =>
  keys.keyIds.flatMap((keyId) =>
    NAMESPACES.flatMap((purpose) => grams[purpose].map((gram) => token(keys, { purpose, keyId }, gram))),
  );

/**
 * The tokens of one word. A word of digits may also begin a name or an email. Digits that begin with a calling code match
 * in two steps: a customer must have the code, and a number that begins with the rest. Everything else that the word may
 * mean is in both lists.
 */
const wordTokens = (keys: BusinessKeys, word: PhraseWord, { country, hidden }: Searcher): Buffer[][] => {
  const hasNoEmail = word.email === null || hidden.includes('email');
  const anywhere = {
    'search-name': word.names,
    'search-email': hasNoEmail ? [] : emailBeginnings(word.email).slice(-1),
  };
  if (word.phone === null || hidden.includes('phone'))
    return [tokensOf(keys, { ...anywhere, 'search-phone': [] })];
  const { nationals, afterCode, code } = meantBeginning(word.phone, country);
  const always = [...nationals, ...(code === null ? [] : [codeGram(code)])];
  const lists =
    afterCode === null
      ? [always]
      : [
          [...always, ...afterCode.nationals],
          [...always, codeGram(afterCode.code)],
        ];
  return lists.map((grams) => tokensOf(keys, { ...anywhere, 'search-phone': [...new Set(grams)] }));
};

const wholePhoneKeys = (keys: BusinessKeys, phone: PhoneText, country: string): Buffer[] => {
  const { first, otherwise } = meantNumbers(phone, country);
  return askedPhoneKeys(keys, [...first, ...otherwise]);
};

/** The tokens of each word of a phrase, in order, for every key of the ring. */
export const phraseTokens = (keys: BusinessKeys, phrase: string, searcher: Searcher): readonly WordTokens[] =>
  phraseWords(phrase).map((word) => ({
    tokens: wordTokens(keys, word, searcher),
    emailKeys: isWholeEmail(word) ? emailKeys(keys, word.written) : null,
    phoneKeys:
      word.phone !== null && isWholePhone(word) ? wholePhoneKeys(keys, word.phone, searcher.country) : null,
  }));
