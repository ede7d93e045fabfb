import { foldEmail } from '#lib/domain/spelling/folding.ts';
import { foldPhone } from '#lib/domain/spelling/phone-forms.ts';
import type { BusinessKeys } from './business-keys.ts';
import { keyedHashes } from './keyed-hash.ts';

/**
 * The index keys of an email: 32 bytes for each master key, the current one first. They are the same for every letter
 * case and width.
 */
export const emailKeys = (keys: BusinessKeys, email: string): Buffer[] =>
  keyedHashes(keys, 'email-index', foldEmail(email));

/**
 * The index keys of a stored phone: 32 bytes for each master key, the current one first. They are the same for every way
 * to write the number of one person.
 */
export const phoneKeys = (keys: BusinessKeys, phone: string): Buffer[] =>
  keyedHashes(keys, 'phone-index', foldPhone(phone));

/** The index keys of every international number that a phone in a question may mean, each once. */
export const askedPhoneKeys = (keys: BusinessKeys, numbers: readonly string[]): Buffer[] =>
  [...new Set(numbers.map(foldPhone))].flatMap((number) => phoneKeys(keys, number));
