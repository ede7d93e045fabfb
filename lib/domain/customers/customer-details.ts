import { maskEmail, maskNote, maskPhone } from '#lib/domain/access/masking.ts';
import { isEmail, meantEmail } from '#lib/domain/spelling/email.ts';
import { bodyViolation, type Violation } from '#lib/domain/errors.ts';
import { withoutPhoneSigns } from '#lib/domain/spelling/phone-digits.ts';
import { withoutControls } from '#lib/domain/spelling/folding.ts';
import { readPhone } from '#lib/domain/spelling/phone.ts';
import { phoneFaultSentence } from './phone-faults.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';

export const CUSTOMER_TYPES = ['regular', 'unregistered', 'new', 'anonymous'] as const;
export type CustomerType = (typeof CUSTOMER_TYPES)[number];

/** The longest note, in UTF-16 units. The business panel has no limit, so this one is beyond what people type. */
export const NOTE_LENGTH = 20_000;

/** The fields of a customer, without its state. */
export type CustomerDetails = Readonly<{
  firstName: string | null;
  lastName: string | null;
  /** International digits, with `+` in front when it was given with one. */
  phone: string | null;
  /** Letter case as given. */
  email: string | null;
  note: string | null;
  customerType: CustomerType;
}>;

/** The names of the details. */
export const DETAILS = ['firstName', 'lastName', 'phone', 'email', 'note', 'customerType'] as const;

/** Details to set, as received: an absent field stays as it is; null or a blank text clears it. */
export type DetailChanges = Readonly<{ [K in keyof CustomerDetails]?: CustomerDetails[K] | undefined }>;

/** A customer about whom nothing is known yet. */
const NO_DETAILS: CustomerDetails = {
  firstName: null,
  lastName: null,
  phone: null,
  email: null,
  note: null,
  customerType: 'regular',
};

/** The fields that the presence rules depend on. */
const IDENTITY = ['firstName', 'lastName', 'phone', 'email', 'customerType'] as const;

type Given = string | null | undefined;

/** Characters that show nothing, as white space, control characters and zero-width characters. */
const INVISIBLE = /[\s\p{Cc}\p{Default_Ignorable_Code_Point}]+/gu;

const isBlank = (text: string): boolean => text.replace(INVISIBLE, '') === '';

/** The text as given. A lone surrogate cannot be stored, so it becomes U+FFFD here: comparisons then still match. */
const verbatim = (text: string): string => text.toWellFormed();
/** White space, with the line break that `\s` does not know (U+0085). A byte order mark is none: it shows nothing. */
const WHITE_SPACE = /\p{White_Space}+/gu;
/**
 * Names appear in lists, messages and exports, so pasted line breaks and tabs become spaces. Other control characters and
 * byte order marks are removed.
 */
const onOneLine = (text: string): string =>
  withoutControls(verbatim(text)).replaceAll('\ufeff', '').replaceAll(WHITE_SPACE, ' ').trim();

/** The new value of a field: an absent one stays as it is; null or a blank text clears it. */
const read = (given: Given, before: string | null, clean: (text: string) => string): string | null => {
  if (given === undefined) return before;
  return given === null || isBlank(given) ? null : clean(given);
};

/** What was given, or undefined if it is the mask of what the field holds: a client sent back what its role may see. */
const unlessMask = (given: Given, held: string | null, mask: (text: string) => string): Given =>
  held !== null && given === mask(held) ? undefined : given;

type Judged = Readonly<{ value: string | null; violations: readonly Violation[] }>;

const readEmail = (given: Given, before: string | null): Judged => {
  const value = read(given, before, (text) => meantEmail(verbatim(text)));
  const message = 'This is not an email address. Write it like name@example.com.';
  const isFine = value === null || value === before || isEmail(value);
  return { value, violations: isFine ? [] : [bodyViolation('#/email', 'email-format', message)] };
};

/**
 * A note that is sent back as it is stored stays, however long it is: when a customer came back from the archive, two notes
 * were joined. Cleaning a text that is too long may make it fit.
 */
const readNote = (given: Given, before: string | null): Judged => {
  if (given === before) return { value: before, violations: [] };
  const value = read(given, before, (text) =>
    verbatim(text.length <= NOTE_LENGTH ? text : text.normalize('NFC').trim()),
  );
  const isFine = value === null || value === before || value.length <= NOTE_LENGTH;
  const message = `This must have at most ${String(NOTE_LENGTH)} characters. It has ${String(value?.length ?? 0)}.`;
  return { value, violations: isFine ? [] : [bodyViolation('#/note', 'too_big', message)] };
};

const phoneFrom = (given: Given, before: string | null, defaultCountry: string): Judged => {
  const text = read(given, before, verbatim);
  if (text === null) return { value: null, violations: [] };
  // A phone that is sent back stays, whatever the country and the rules are now.
  if (withoutPhoneSigns(text) === before) return { value: before, violations: [] };
  const { phone, fault } = readPhone(text, defaultCountry);
  if (fault === null) return { value: phone, violations: [] };
  // Keep the invalid text: otherwise the presence rules would also report the phone as missing.
  return { value: text, violations: [bodyViolation('#/phone', fault, phoneFaultSentence(fault))] };
};

const missingOfRegular = (
  { email, phone }: CustomerDetails,
  required: BusinessSettings['regularRequires'],
): readonly Violation[] => {
  if (required === 'email-or-phone') {
    const message = 'A regular customer needs an email address or a phone number.';
    const isMissing = email === null && phone === null;
    return isMissing ? [bodyViolation('#/email', 'regular-requires-email-or-phone', message)] : [];
  }
  const found: Violation[] = [];
  if (email === null) {
    found.push(
      bodyViolation('#/email', 'regular-requires-email', 'A regular customer needs an email address.'),
    );
  }
  if (phone === null) {
    found.push(
      bodyViolation('#/phone', 'regular-requires-phone', 'A regular customer needs a phone number.'),
    );
  }
  return found;
};

const presenceViolations = (details: CustomerDetails, settings: BusinessSettings): readonly Violation[] => {
  const { firstName, lastName, email, phone, customerType } = details;
  if (customerType === 'anonymous') return [];
  if (customerType === 'regular') return missingOfRegular(details, settings.regularRequires);
  const isNobody = firstName === null && lastName === null && email === null && phone === null;
  const message = 'Give at least one of firstName, lastName, email and phone.';
  return isNobody ? [bodyViolation('#', 'contact-required', message)] : [];
};

/**
 * Sets details by the rules of a customer and reports all violations. The rules check only what changes. An email or
 * phone that stays the same is not checked again, and required fields are checked only when a name, the email, the
 * phone or the type changes. So a stricter setting never blocks a change of the note or of the state. The mask of what an email,
 * a phone or a note holds sets nothing.
 * @param before the details so far; null for a new customer, for which every rule is checked
 */
export const setDetails = (
  before: CustomerDetails | null,
  changes: DetailChanges,
  settings: BusinessSettings,
): Readonly<{ details: CustomerDetails; violations: readonly Violation[] }> => {
  const old = before ?? NO_DETAILS;
  const email = readEmail(unlessMask(changes.email, old.email, maskEmail), old.email);
  const givenPhone = unlessMask(changes.phone, old.phone, maskPhone);
  const phone = phoneFrom(givenPhone, old.phone, settings.defaultCountry);
  const note = readNote(unlessMask(changes.note, old.note, maskNote), old.note);
  const details: CustomerDetails = {
    firstName: read(changes.firstName, old.firstName, onOneLine),
    lastName: read(changes.lastName, old.lastName, onOneLine),
    phone: phone.value,
    email: email.value,
    note: note.value,
    customerType: changes.customerType ?? old.customerType,
  };
  const asksPresence = before === null || IDENTITY.some((name) => details[name] !== before[name]);
  const presence = asksPresence ? presenceViolations(details, settings) : [];
  return { details, violations: [...email.violations, ...phone.violations, ...note.violations, ...presence] };
};
