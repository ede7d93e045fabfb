import type { Customer } from './customer.ts';
import { isEmail, meantEmail } from './email.ts';
import type { Violation } from './errors.ts';
import { phoneDigits } from './phone-digits.ts';
import { normalizePhone } from './phone.ts';
import type { BusinessSettings } from './settings.ts';

/** Who a customer is: everything but its state. */
export type CustomerDetails = Pick<
  Customer,
  'firstName' | 'lastName' | 'phone' | 'email' | 'note' | 'customerType'
>;

/** Details to set, as they came in: what is not there stays, null or a blank text clears. */
export type DetailChanges = Readonly<{ [K in keyof CustomerDetails]?: CustomerDetails[K] | undefined }>;

/** What a customer is before anything is known. */
const NO_DETAILS: CustomerDetails = {
  firstName: null,
  lastName: null,
  phone: null,
  email: null,
  note: null,
  customerType: 'regular',
};

/** What the presence rules look at. */
const IDENTITY = ['firstName', 'lastName', 'phone', 'email', 'customerType'] as const;

type Given = string | null | undefined;

/** What shows nothing: white space, control characters, zero-width ones and the like. */
const INVISIBLE = /[\s\p{Cc}\p{Default_Ignorable_Code_Point}]+/gu;

const isBlank = (text: string): boolean => text.replace(INVISIBLE, '') === '';

/** A text as it came; half a surrogate pair cannot be stored and becomes U+FFFD here, so that compares stay true. */
const verbatim = (text: string): string => text.toWellFormed();
/** A name goes into lists, messages and exports: line breaks and tabs of a paste become spaces. */
const onOneLine = (text: string): string => verbatim(text).replaceAll(/\s+/gu, ' ').trim();

/** What a field becomes: what is not given stays as it is, null or a blank text clears. */
const read = (given: Given, before: string | null, clean: (text: string) => string): string | null => {
  if (given === undefined) return before;
  return given === null || isBlank(given) ? null : clean(given);
};

const violation = (pointer: string, error: string, message: string): Violation => ({
  in: 'body',
  pointer,
  error,
  message,
});

type Judged = Readonly<{ value: string | null; violations: readonly Violation[] }>;

const readEmail = (given: Given, before: string | null): Judged => {
  const value = read(given, before, (text) => meantEmail(verbatim(text)));
  const message = 'This is not an email address; write it like name@example.com.';
  const isFine = value === null || value === before || isEmail(value);
  return { value, violations: isFine ? [] : [violation('#/email', 'email-format', message)] };
};

const readPhone = (given: Given, before: string | null, defaultCountry: string): Judged => {
  const text = read(given, before, verbatim);
  if (text === null) return { value: null, violations: [] };
  if (phoneDigits(text) === before) return { value: before, violations: [] };
  const value = normalizePhone(text, defaultCountry);
  if (value !== null) return { value, violations: [] };
  const message = 'This is not a phone number; write it with its country code, 11 to 15 digits.';
  // What was given stands in for what is missing, so that the presence rules do not report it twice.
  return { value: text, violations: [violation('#/phone', 'phone-format', message)] };
};

const missingOfRegular = (
  { email, phone }: CustomerDetails,
  required: BusinessSettings['regularRequires'],
): readonly Violation[] => {
  if (required === 'email-or-phone') {
    const message = 'A regular customer needs an email or a phone number.';
    const isMissing = email === null && phone === null;
    return isMissing ? [violation('#/email', 'regular-requires-email-or-phone', message)] : [];
  }
  const found: Violation[] = [];
  if (email === null) {
    found.push(violation('#/email', 'regular-requires-email', 'A regular customer needs an email address.'));
  }
  if (phone === null) {
    found.push(violation('#/phone', 'regular-requires-phone', 'A regular customer needs a phone number.'));
  }
  return found;
};

const presenceViolations = (details: CustomerDetails, settings: BusinessSettings): readonly Violation[] => {
  const { firstName, lastName, email, phone, customerType } = details;
  if (customerType === 'anonymous') return [];
  if (customerType === 'regular') return missingOfRegular(details, settings.regularRequires);
  const isNobody = firstName === null && lastName === null && email === null && phone === null;
  const message = 'Give at least one of firstName, lastName, email and phone.';
  return isNobody ? [violation('#', 'contact-required', message)] : [];
};

/**
 * Sets details by the rules of a customer and says everything that is wrong. A rule looks only at what
 * changes: an email or phone that stays is not judged again, and what must be there is asked only when a
 * name, an email, a phone or the type changes, so that a stricter setting never stands in the way of a note
 * or a deletion.
 * @param before the details so far; null for a new customer, of which everything is asked
 */
export const setDetails = (
  before: CustomerDetails | null,
  changes: DetailChanges,
  settings: BusinessSettings,
): Readonly<{ details: CustomerDetails; violations: readonly Violation[] }> => {
  const old = before ?? NO_DETAILS;
  const email = readEmail(changes.email, old.email);
  const phone = readPhone(changes.phone, old.phone, settings.defaultCountry);
  const details: CustomerDetails = {
    firstName: read(changes.firstName, old.firstName, onOneLine),
    lastName: read(changes.lastName, old.lastName, onOneLine),
    phone: phone.value,
    email: email.value,
    note: read(changes.note, old.note, verbatim),
    customerType: changes.customerType ?? old.customerType,
  };
  const asksPresence = before === null || IDENTITY.some((name) => details[name] !== before[name]);
  const presence = asksPresence ? presenceViolations(details, settings) : [];
  return { details, violations: [...email.violations, ...phone.violations, ...presence] };
};
