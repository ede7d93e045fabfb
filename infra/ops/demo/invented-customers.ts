import { createHash } from 'node:crypto';
import type { DetailChanges } from '#lib/domain/customers/customer-details.ts';
import type { WrittenState } from '#lib/domain/customers/customer-state.ts';
import { inventedName } from './invented-names.ts';

/** How many customers the demo has. */
export const INVENTED = 300;
/** The last ones are second records of the first ones. */
const TWICE = 10;
/** Of these pairs, the last ones are merged already. */
const MERGED = 2;

/** One change after the creation. Each adds an entry to the history, and 1 to the version. */
export type Step = Readonly<{ fields: DetailChanges } | { state: WrittenState; reason: string }>;

/** An invented customer, and what happens to it. */
export type InventedCustomer = Readonly<{
  id: string;
  draft: DetailChanges;
  steps: readonly Step[];
  /** How many visits the order service tells of, and whether a payment follows each of them. */
  visits: number;
  paid: boolean;
  allowsNewsletter: boolean | null;
}>;

/** An id that the same customer of the same business always has. Ids of customers are unique across businesses. */
export const inventedId = (businessId: string, what: string): string =>
  createHash('sha256').update(`demo ${businessId} ${what}`).digest('hex').slice(0, 24);

const customerId = (businessId: string, number: number): string =>
  inventedId(businessId, `customer ${String(number)}`);

/** Domains that can never belong to anybody (RFC 2606). */
const DOMAINS = ['example.com', 'example.org', 'example.net'];

const digits = (number: number, length: number): string => String(number).padStart(length, '0');

/** Numbers that are set aside for films and books, so that nobody is called: Germany, France and the United States. */
const PHONES: readonly ((number: number) => string)[] = [
  (number) => `+49 30 23125 ${digits(number, 3)}`,
  (number) => `+33 6 39 98 ${digits(number, 4).replace(/(..)/, '$1 ')}`,
  (number) => `+49 40 66969 ${digits(number, 3)}`,
  (number) => `+1 202 555 01${digits(Math.floor(number / 4), 2)}`,
];

const every = (number: number, step: number, first = 0): boolean => number % step === first;

const emailOf = (number: number): string =>
  `${inventedName(number).mailbox}@${DOMAINS[number % DOMAINS.length] ?? ''}`;

const draftOf = (number: number): DetailChanges => {
  const { firstName, lastName, note } = inventedName(number);
  if (every(number, 40, 39)) return { customerType: 'anonymous', note };
  const names = { firstName, lastName };
  if (every(number, 10, 7)) return { ...names, customerType: 'unregistered', email: emailOf(number) };
  const phone = PHONES[number % PHONES.length]?.(number);
  if (every(number, 10, 8)) return { ...names, customerType: 'new', phone };
  const contact = { phone, email: emailOf(number) };
  return { ...names, ...contact, customerType: 'regular', ...(every(number, 4) && { note }) };
};

/** A second record of somebody, as it was made at the desk: the names the other way round or a letter wrong, another email. */
const secondRecordOf = (number: number): DetailChanges => {
  const { firstName, lastName, mailbox } = inventedName(number);
  const email = `${mailbox}@${DOMAINS[(number + 1) % DOMAINS.length] ?? ''}`;
  const names = every(number, 2)
    ? { firstName: lastName, lastName: firstName }
    : { firstName, lastName: lastName.toUpperCase() };
  return { ...names, email, customerType: 'unregistered', note: 'Booked by phone.' };
};

const move = (state: WrittenState, reason: string): Step => ({ state, reason });

const stepsOf = (number: number): Step[] => {
  const steps: Step[] = [];
  if (every(number, 6)) steps.push({ fields: { note: `${inventedName(number).note} VIP` } });
  if (every(number, 12, 5)) steps.push(move('suspended', 'Did not come three times.'));
  if (every(number, 12, 11)) steps.push(move('inactive', 'Asked for a break.'));
  if (every(number, 24, 5)) steps.push(move('active', 'Came back and apologised.'));
  if (every(number, 15, 4)) steps.push(move('archived', 'No visit for two years.'));
  if (every(number, 25, 16)) steps.push(move('deleted', 'Entered by mistake.'));
  return steps;
};

const MOST_VISITS = 3;

const inventedCustomer = (businessId: string, number: number): InventedCustomer => {
  const original = number - (INVENTED - TWICE);
  const hasVisits = original < 0 && every(number, 5) && !every(number, 40, 39);
  return {
    id: customerId(businessId, number),
    draft: original < 0 ? draftOf(number) : secondRecordOf(original),
    steps: original < 0 ? stepsOf(number) : [],
    visits: hasVisits ? 1 + (number % MOST_VISITS) : 0,
    paid: every(number, 2),
    allowsNewsletter: original < 0 && every(number, 3) ? !every(number, 9) : null,
  };
};

/** All invented customers of a business: the same ones each time. */
export const inventedCustomers = (businessId: string): InventedCustomer[] =>
  Array.from({ length: INVENTED }, (_, number) => inventedCustomer(businessId, number));

/** Pairs of records of one person; the last ones are to be merged. */
export const inventedPairs = (
  businessId: string,
): readonly Readonly<{ survivorId: string; loserId: string; isMerged: boolean }>[] =>
  Array.from({ length: TWICE }, (_, number) => ({
    survivorId: customerId(businessId, number),
    loserId: customerId(businessId, INVENTED - TWICE + number),
    isMerged: number >= TWICE - MERGED,
  }));

const RESERVED = new RegExp(`@(?:.+\\.)?(?:${DOMAINS.join('|').replaceAll('.', '\\.')})$`, 'i');

/** Whether an email can belong to nobody. */
export const isInventedEmail = (email: string | null): boolean => email !== null && RESERVED.test(email);
