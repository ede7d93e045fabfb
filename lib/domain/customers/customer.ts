import { type CustomerDetails, type DetailChanges, DETAILS, setDetails } from './customer-details.ts';
import {
  bringsNewEntry,
  canMove,
  type CustomerState,
  HISTORY_LENGTH,
  historyViolations,
  isLive,
  type StateEntry,
  stateMeaning,
  type WrittenState,
  visibleHistory,
} from './customer-state.ts';
import { Refusal, type Violation } from '#lib/domain/errors.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';

/** A visible timeline, oldest entry first. */
type Timeline = readonly StateEntry[];

/** A customer of one business. It is immutable: a change creates a new object. */
export type Customer = CustomerDetails &
  Readonly<{
    /** 24 hexadecimal digits, lower case. */
    id: string;
    /** The visible timeline, oldest entry first and never empty. An offline client may have written it. */
    stateHistory: Timeline;
    createdAt: Date;
    updatedAt: Date;
    /** Starts at 0 and grows by 1 with every change. */
    version: number;
  }>;

/** A draft, or fields to set: an absent field stays as it is; null or a blank text clears it. */
export type CustomerFields = DetailChanges &
  Readonly<{ state?: WrittenState | undefined; stateHistory?: Timeline | undefined }>;

/** The time of a change, and the settings of the business that it must satisfy. */
export type Rules = Readonly<{ at: Date; settings: BusinessSettings }>;

const lastEntry = ({ stateHistory }: Customer): StateEntry => {
  const last = stateHistory.at(-1);
  if (last === undefined)
    throw new Error('This customer has no state history; every customer must have one.');
  return last;
};

/** The state as the client wrote it: `inactive` stays `inactive`. */
export const writtenStateOf = (customer: Customer): WrittenState => lastEntry(customer).state;

/** The state, whichever spelling the client used. */
export const stateOf = (customer: Customer): CustomerState => stateMeaning(writtenStateOf(customer));

const refuseViolations = (violations: readonly Violation[]): void => {
  if (violations.length === 0) return;
  throw new Refusal('invalid-request', violations.map(({ message }) => message).join(' '), { violations });
};

/** What a client means by the timeline and the state that it sent. */
type Meant = Readonly<{
  /** Null without a timeline. */
  history: Timeline | null;
  violations: readonly Violation[];
}>;

/**
 * Reads the timeline that a client sent. An empty one counts as none. One without a new entry is a stale copy: the client edited
 * fields while others moved the customer, so the customer's own timeline stays, whatever `state` says.
 * @param own the timeline so far; empty for a new customer
 */
const meantHistory = ({ state, stateHistory: sent = [] }: CustomerFields, own: Timeline): Meant => {
  if (sent.length === 0) return { history: null, violations: [] };
  const history = visibleHistory(sent);
  if (!bringsNewEntry(own, history)) return { history: own, violations: [] };
  return { history, violations: historyViolations(sent, state) };
};

/**
 * Creates a customer with version 0, in any state. Without a history, its timeline starts with one entry at this time.
 * @throws Refusal `invalid-request` with all violations
 */
export const newCustomer = (id: string, fields: CustomerFields, { at, settings }: Rules): Customer => {
  const { details, violations } = setDetails(null, fields, settings);
  const meant = meantHistory(fields, []);
  refuseViolations([...violations, ...meant.violations]);
  const stateHistory = meant.history ?? [{ state: fields.state ?? 'active', setAt: at }];
  return { ...details, id, stateHistory, createdAt: at, updatedAt: at, version: 0 };
};

/**
 * The timeline after the server moves the customer, cut to the newest 200 entries. The new entry is never earlier
 * than the last one, even if the clock of an offline client was ahead: an earlier entry would be refused when a
 * client sends the timeline back.
 */
const historyAfter = (customer: Customer, to: WrittenState, at: Date): Timeline => {
  const from = stateOf(customer);
  const target = stateMeaning(to);
  if (target === from) return customer.stateHistory;
  if (!canMove(from, target)) {
    throw new Refusal('illegal-transition', `A customer that is ${from} cannot become ${target}.`);
  }
  const last = lastEntry(customer).setAt;
  return [...customer.stateHistory, { state: to, setAt: at < last ? last : at }].slice(-HISTORY_LENGTH);
};

const isSameHistory = (one: Timeline, other: Timeline): boolean =>
  one.length === other.length &&
  one.every((entry, index) => {
    const twin = other[index];
    return entry.state === twin?.state && entry.setAt.getTime() === twin.setAt.getTime();
  });

/**
 * The names of the fields that differ, as the history lists them. `state` is listed when the state itself differs and
 * not only its spelling, `stateHistory` when the visible timeline differs.
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
 * Sets the fields that are given (PUT and PATCH). A given timeline with a new entry replaces the visible one: its steps were
 * legal on the client that recorded it, whatever state the server had meanwhile. One without a new entry is a stale copy and
 * moves nothing. Without a timeline, `state` is a single move.
 * @returns the same object when nothing changes
 * @throws Refusal `invalid-request` with all violations, or `illegal-transition`
 */
export const changeCustomer = (
  customer: Customer,
  fields: CustomerFields,
  { at, settings }: Rules,
): Customer => {
  const { details, violations } = setDetails(customer, fields, settings);
  const meant = meantHistory(fields, customer.stateHistory);
  refuseViolations([...violations, ...meant.violations]);
  const stateHistory = meant.history ?? historyAfter(customer, fields.state ?? writtenStateOf(customer), at);
  return changed(customer, { ...customer, ...details, stateHistory }, at);
};

/**
 * Applies a repeated create to the customer that already exists. It sets the fields as a PUT does, but a deleted
 * customer stays deleted.
 * @returns the same object when nothing changes
 * @throws Refusal as `changeCustomer` does
 */
export const repeatCreate = (customer: Customer, fields: CustomerFields, rules: Rules): Customer =>
  changeCustomer(
    customer,
    isLive(stateOf(customer)) ? fields : { ...fields, state: undefined, stateHistory: undefined },
    rules,
  );

/**
 * Moves a customer to a state. No other rule is checked, so a customer that no longer satisfies them can be moved too.
 * @returns the same object when it is already in that state, in either spelling
 * @throws Refusal `illegal-transition`
 */
export const moveCustomer = (customer: Customer, to: WrittenState, at: Date): Customer =>
  changed(customer, { ...customer, stateHistory: historyAfter(customer, to, at) }, at);
