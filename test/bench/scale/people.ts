import type { CustomerFields } from '#lib/domain/customers/customer.ts';
import { foldName } from '#lib/domain/spelling/folding.ts';
import { type Language, LANGUAGES } from './names.ts';
import { oneOf, type Random, randomOf, skewed, weighted } from './random.ts';

/** Customers of one business in a row: what one transaction adds. */
export const ROW = 100;
/** In every fifth row; the other rows are shared out among the other businesses, skewed as well. */
const ROWS_OF_BIGGEST = 5;
const OTHER_BUSINESSES = 400;

const LAST_DAY = Date.parse('2026-11-01T00:00:00.000Z');
const OLDEST_MS = 4 * 365 * 24 * 60 * 60 * 1_000;

/** A made-up customer, with the id and the time of a creation that never was. */
export type Person = CustomerFields & Readonly<{ id: string; at: Date }>;

const hex = (value: number, length: number): string =>
  value.toString(16).padStart(length, '0').slice(-length);

const businessId = (serial: number): string => `b05ce55e${hex(serial, 16)}`;
export const BIGGEST = businessId(0);

/** Whose customers a row holds. */
export const businessOf = (row: number, seed: number): string => {
  if (row % ROWS_OF_BIGGEST === 0) return BIGGEST;
  const others = Array.from({ length: OTHER_BUSINESSES }, (_, index) => businessId(index + 1));
  return skewed(randomOf(seed, row, 1), others);
};

const HOME = ['polish', 'polish', 'polish', 'german', 'ukrainian', 'english', 'french', 'spanish'] as const;

/** Three of four customers speak the language of the place; the others any of eight. */
const languageOf = (random: Random, business: string): Language => {
  const home = HOME[Number.parseInt(business.slice(-4), 16) % HOME.length]!;
  return LANGUAGES[
    random() < 0.75 ? home : oneOf(random, Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[])
  ];
};

const lastNameOf = (random: Random, { lastNames, stems, endings, joint }: Language): string => {
  const one = random() < 0.7 ? skewed(random, lastNames) : `${oneOf(random, stems)}${oneOf(random, endings)}`;
  return joint !== undefined && random() < 0.06 ? `${one}${joint}${skewed(random, lastNames)}` : one;
};

const ASCII_LETTERS = /[^a-z]+/g;
const latin = (name: string): string => foldName(name).replace(ASCII_LETTERS, '');

/** Unique by the serial; where nothing of the name can be written in ASCII, as many people do it: by a word. */
const emailOf = (
  random: Random,
  { firstName, lastName }: { firstName: string; lastName: string },
  serial: number,
) => {
  const name = latin(firstName) || 'kontakt';
  const local =
    random() < 0.6 ? `${name}.${latin(lastName) || 'x'}` : `${name.slice(0, 1)}${latin(lastName) || name}`;
  return (domain: string) => `${local.slice(0, 40)}${serial.toString(36)}@${domain}`;
};

const PHONE_SPAN = 100_000_000;
/** Coprime to the span: every serial below it has a number of its own. */
const PHONE_STEP = 61_803_399;

const phoneOf = (random: Random, { phone }: Language, serial: number): string => {
  const number = String((serial * PHONE_STEP) % PHONE_SPAN).padStart(8, '0');
  const isTyped = random() < 0.5;
  return isTyped
    ? `+${phone} ${number.slice(0, 2)} ${number.slice(2, 5)}-${number.slice(5)}`
    : `${phone}${number}`;
};

const TYPES = [
  ['regular', 55],
  ['unregistered', 20],
  ['new', 20],
  ['anonymous', 5],
] as const;
const STATES = [
  ['active', 82],
  ['suspended', 5],
  ['inactive', 2],
  ['archived', 4],
  ['deleted', 7],
] as const;

/** Most never get a note; a few get a long one. */
const noteOf = (random: Random, { notes }: Language): string | null => {
  if (random() > 0.3) return null;
  return Array.from({ length: 1 + Math.floor(random() ** 3 * 12) }, () => oneOf(random, notes)).join(' ');
};

/** The customer with this serial: the same one for the same seed, whatever was made before it. */
export const personOf = (serial: number, seed: number): Person => {
  const random = randomOf(seed, serial);
  const language = languageOf(random, businessOf(Math.floor(serial / ROW), seed));
  const at = new Date(LAST_DAY - Math.floor(random() ** 1.5 * OLDEST_MS));
  const id = `${hex(Math.floor(at.getTime() / 1_000), 8)}${hex(seed, 6)}${hex(serial, 10)}`;
  const customerType = weighted(random, TYPES);
  const state = weighted(random, STATES);
  if (customerType === 'anonymous') return { id, at, customerType, state };
  const name = { firstName: skewed(random, language.firstNames), lastName: lastNameOf(random, language) };
  const isWhole = customerType === 'regular';
  const email = emailOf(random, name, serial)(skewed(random, language.domains));
  const phone = phoneOf(random, language, serial);
  return {
    id,
    at,
    customerType,
    state,
    firstName: name.firstName,
    lastName: random() < 0.08 ? null : name.lastName,
    email: isWhole || random() < 0.5 ? email : null,
    phone: isWhole || random() < 0.7 ? phone : null,
    note: noteOf(random, language),
  };
};

/** The customers of one row. */
export const peopleOf = (row: number, seed: number): Person[] =>
  Array.from({ length: ROW }, (_, index) => personOf(row * ROW + index, seed));
