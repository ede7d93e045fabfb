import { bodyViolation, Refusal } from '#lib/domain/errors.ts';
import type { Channel } from '#lib/domain/rights/consents.ts';
import { isEmail, meantEmail } from '#lib/domain/spelling/email.ts';

/** What an invoice for a customer has to say. */
export type Invoicing = Readonly<{
  name: string | null;
  taxId: string | null;
  address: string | null;
  email: string | null;
}>;

/** How a customer wants to be served. Null: not known. */
export type Preferences = Readonly<{
  /** By which channel the customer likes to be reached. It is no consent. */
  channel: Channel | null;
  /** A language tag, for example `pl` or `de-AT`. */
  language: string | null;
  /** Ids of the services and specialists that the customer likes. */
  services: readonly string[] | null;
  specialists: readonly string[] | null;
  invoicing: Invoicing | null;
}>;

/** Preferences to set: an absent one stays as it is; null clears it. The parts of `invoicing` likewise. */
export type PreferenceChanges = Readonly<{
  channel?: Channel | null | undefined;
  language?: string | null | undefined;
  services?: readonly string[] | null | undefined;
  specialists?: readonly string[] | null | undefined;
  invoicing?: Readonly<{ [K in keyof Invoicing]?: string | null | undefined }> | null | undefined;
}>;

/** The preferences of a customer who has said nothing. */
export const NO_PREFERENCES: Preferences = {
  channel: null,
  language: null,
  services: null,
  specialists: null,
  invoicing: null,
};

/** The names of the preferences. */
export const PREFERENCE_NAMES = ['channel', 'language', 'services', 'specialists', 'invoicing'] as const;
export type PreferenceName = (typeof PREFERENCE_NAMES)[number];
const NO_INVOICING: Invoicing = { name: null, taxId: null, address: null, email: null };
const INVOICING_NAMES = ['name', 'taxId', 'address', 'email'] as const;

const text = (given: string | null | undefined, before: string | null): string | null => {
  if (given === undefined) return before;
  const cleaned = given?.toWellFormed().trim() ?? '';
  return cleaned === '' ? null : cleaned;
};

/** The ids, each once, in the order in which they were sent. An empty list is no preference. */
const ids = (
  given: readonly string[] | null | undefined,
  before: readonly string[] | null,
): readonly string[] | null => {
  if (given === undefined) return before;
  return given === null || given.length === 0 ? null : [...new Set(given)];
};

const readInvoicing = (given: PreferenceChanges['invoicing'], before: Invoicing | null): Invoicing | null => {
  if (given === undefined) return before;
  if (given === null) return null;
  const old = before ?? NO_INVOICING;
  const email = text(given.email, old.email);
  const invoicing = {
    name: text(given.name, old.name),
    taxId: text(given.taxId, old.taxId),
    address: text(given.address, old.address),
    email: email === null ? null : meantEmail(email),
  };
  return INVOICING_NAMES.every((name) => invoicing[name] === null) ? null : invoicing;
};

const refuseWrongEmail = (before: Preferences, after: Preferences): void => {
  const email = after.invoicing?.email ?? null;
  if (email === null || email === before.invoicing?.email || isEmail(email)) return;
  const message = 'This is not an email address. Write it like name@example.com.';
  const violations = [bodyViolation('#/invoicing/email', 'email-format', message)];
  throw new Refusal('invalid-request', message, { violations });
};

/**
 * Sets the preferences that are given.
 * @throws Refusal `invalid-request` for an email of invoices that is none
 */
export const setPreferences = (before: Preferences, changes: PreferenceChanges): Preferences => {
  const after = {
    channel: changes.channel === undefined ? before.channel : changes.channel,
    language: text(changes.language, before.language),
    services: ids(changes.services, before.services),
    specialists: ids(changes.specialists, before.specialists),
    invoicing: readInvoicing(changes.invoicing, before.invoicing),
  };
  refuseWrongEmail(before, after);
  return after;
};

/** The names of the preferences that differ, as the history lists them. */
export const changedPreferences = (before: Preferences, after: Preferences): readonly string[] =>
  PREFERENCE_NAMES.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).map(
    (name) => `preferences.${name}`,
  );

/** What a survivor took over from a customer that was merged into it: the names of the preferences that it lacked. */
export type TakenPreferences = Readonly<{ from: string; names: readonly PreferenceName[] }>;

/** The names of the preferences that a survivor lacks and the customer that is merged into it has. */
export const lackingPreferences = (survivor: Preferences, loser: Preferences): readonly PreferenceName[] =>
  PREFERENCE_NAMES.filter((name) => survivor[name] === null && loser[name] !== null);

/** The preferences of a survivor: its own and, where it has none, those of the customer that is merged into it. */
export const unitedPreferences = (survivor: Preferences, loser: Preferences): Preferences => ({
  channel: survivor.channel ?? loser.channel,
  language: survivor.language ?? loser.language,
  services: survivor.services ?? loser.services,
  specialists: survivor.specialists ?? loser.specialists,
  invoicing: survivor.invoicing ?? loser.invoicing,
});

/** The preferences of a survivor when the merge is undone: without those that it took over and has kept as they were. */
export const partedPreferences = (
  survivor: Preferences,
  loser: Preferences,
  taken: readonly PreferenceName[],
): Preferences => {
  const isTaken = (name: PreferenceName): boolean =>
    taken.includes(name) && JSON.stringify(survivor[name]) === JSON.stringify(loser[name]);
  return {
    channel: isTaken('channel') ? null : survivor.channel,
    language: isTaken('language') ? null : survivor.language,
    services: isTaken('services') ? null : survivor.services,
    specialists: isTaken('specialists') ? null : survivor.specialists,
    invoicing: isTaken('invoicing') ? null : survivor.invoicing,
  };
};
