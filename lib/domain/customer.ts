import { type DetailChanges, setDetails } from './customer-details.ts';
import {
  canMove,
  type CustomerState,
  HISTORY_LENGTH,
  historyViolations,
  type StateEntry,
  stateMeaning,
  type WrittenState,
} from './customer-state.ts';
import { Refusal, type Violation } from './errors.ts';
import type { BusinessSettings } from './settings.ts';

export const CUSTOMER_TYPES = ['regular', 'unregistered', 'new', 'anonymous'] as const;
export type CustomerType = (typeof CUSTOMER_TYPES)[number];

/** The most characters (UTF-16 units) that a note has. */
export const NOTE_LENGTH = 5_000;

/** A customer of one business. Immutable: a change makes a new one. */
export type Customer = Readonly<{
  /** 24 hexadecimal digits, lower case. */
  id: string;
  firstName: string | null;
  lastName: string | null;
  /** Digits only. */
  phone: string | null;
  /** Letter case as given. */
  email: string | null;
  note: string | null;
  customerType: CustomerType;
  /** The visible timeline, which an offline client may have written; never empty, oldest first. */
  stateHistory: readonly StateEntry[];
  createdAt: Date;
  updatedAt: Date;
  /** 0 at first; grows by 1 with every change. */
  version: number;
}>;

/** A draft, or fields to set: what is not there stays, null or a blank text clears. */
export type CustomerFields = DetailChanges &
  Readonly<{ state?: WrittenState | undefined; stateHistory?: readonly StateEntry[] | undefined }>;

/** What a change is judged by. */
export type Rules = Readonly<{ at: Date; settings: BusinessSettings }>;

const lastEntry = ({ stateHistory }: Customer): StateEntry => {
  const last = stateHistory.at(-1);
  if (last === undefined) throw new Error('A customer without a state history.');
  return last;
};

/** The state as it was written: `inactive` stays `inactive`. */
export const writtenStateOf = (customer: Customer): WrittenState => lastEntry(customer).state;

/** The state, whichever way it was written. */
export const stateOf = (customer: Customer): CustomerState => stateMeaning(writtenStateOf(customer));

const refuseIfAny = (violations: readonly Violation[]): void => {
  if (violations.length === 0) return;
  throw new Refusal('invalid-request', violations.map(({ message }) => message).join(' '), { violations });
};

/** The timeline that a client wrote; an empty one says nothing. */
const givenHistory = ({ stateHistory = [] }: CustomerFields): readonly StateEntry[] | null =>
  stateHistory.length > 0 ? stateHistory : null;

const violationsOfHistory = (fields: CustomerFields): readonly Violation[] => {
  const history = givenHistory(fields);
  return history === null ? [] : historyViolations(history, fields.state);
};

/**
 * A new customer, with version 0. Any state may be given; without a history it starts with one entry, now.
 * @throws Refusal `invalid-request` with everything that is wrong
 */
export const newCustomer = (id: string, fields: CustomerFields, { at, settings }: Rules): Customer => {
  const { details, violations } = setDetails(null, fields, settings);
  refuseIfAny([...violations, ...violationsOfHistory(fields)]);
  const stateHistory = givenHistory(fields) ?? [{ state: fields.state ?? 'active', setAt: at }];
  return { ...details, id, stateHistory, createdAt: at, updatedAt: at, version: 0 };
};

/**
 * The timeline after a move of the server's own: the newest 200 entries. An offline client's clock may be
 * ahead, and an entry before the last one would be refused when the client sends the timeline back.
 */
const historyAfter = (customer: Customer, to: WrittenState, at: Date): readonly StateEntry[] => {
  const from = stateOf(customer);
  const target = stateMeaning(to);
  if (target === from) return customer.stateHistory;
  if (!canMove(from, target)) {
    throw new Refusal('illegal-transition', `A customer that is ${from} cannot become ${target}.`);
  }
  const last = lastEntry(customer).setAt;
  return [...customer.stateHistory, { state: to, setAt: at < last ? last : at }].slice(-HISTORY_LENGTH);
};

const isSameHistory = (one: readonly StateEntry[], other: readonly StateEntry[]): boolean =>
  one.length === other.length &&
  one.every((entry, index) => {
    const twin = other[index];
    return entry.state === twin?.state && entry.setAt.getTime() === twin.setAt.getTime();
  });

/** What a customer is beside its state. */
export const DETAILS = ['firstName', 'lastName', 'phone', 'email', 'note', 'customerType'] as const;

/**
 * The names of the fields that differ, as the audit lists them: `state` when its meaning does, `stateHistory`
 * when the visible timeline does.
 */
export const changedFields = (before: Customer, after: Customer): readonly string[] => [
  ...DETAILS.filter((name) => before[name] !== after[name]),
  ...(stateOf(before) === stateOf(after) ? [] : ['state']),
  ...(isSameHistory(before.stateHistory, after.stateHistory) ? [] : ['stateHistory']),
];

const changed = (before: Customer, after: Customer, at: Date): Customer =>
  changedFields(before, after).length === 0
    ? before
    : { ...after, updatedAt: at, version: before.version + 1 };

/**
 * Sets the fields that are there (PUT and PATCH). A timeline that is there becomes the visible one, verbatim:
 * it was legal where it was lived, whatever the server thought meanwhile. Otherwise `state` is one move.
 * @returns the same object when nothing changes
 * @throws Refusal `invalid-request` with everything that is wrong, or `illegal-transition`
 */
export const changeCustomer = (
  customer: Customer,
  fields: CustomerFields,
  { at, settings }: Rules,
): Customer => {
  const { details, violations } = setDetails(customer, fields, settings);
  refuseIfAny([...violations, ...violationsOfHistory(fields)]);
  const stateHistory =
    givenHistory(fields) ?? historyAfter(customer, fields.state ?? writtenStateOf(customer), at);
  return changed(customer, { ...customer, ...details, stateHistory }, at);
};

/**
 * Moves a customer into a state, whatever else is wrong with it by now.
 * @returns the same object when it is in that state already, however written
 * @throws Refusal `illegal-transition`
 */
export const moveCustomer = (customer: Customer, to: WrittenState, at: Date): Customer =>
  changed(customer, { ...customer, stateHistory: historyAfter(customer, to, at) }, at);
