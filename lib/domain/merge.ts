import {
  changeCustomer,
  type Customer,
  CUSTOMER_TYPES,
  DETAILS,
  moveCustomer,
  NOTE_LENGTH,
  type Rules,
  stateOf,
} from './customer.ts';
import type { DetailChanges } from './customer-details.ts';
import { isLive, type WrittenState } from './customer-state.ts';
import { DAY_MS } from './days.ts';
import { Refusal } from './errors.ts';

/** For how long a merge can be undone. */
export const UNDO_DAYS = 30;

/** A field that one of two customers can give to both. */
export type MergedField = (typeof DETAILS)[number];
export const SIDES = ['survivor', 'loser'] as const;
/** Whose value is to stay; without a word, the survivor's where it has one. */
export type Choice = Readonly<{ [K in MergedField]?: (typeof SIDES)[number] | undefined }>;

/** Two customers who are one person: the one that stays and the one that goes into it. */
export type Pair = Readonly<{ survivor: Customer; loser: Customer }>;

/** A field of the survivor that a merge has changed. */
export type Given = Readonly<{ field: MergedField; before: string | null; after: string | null }>;

/** Until when a merge of this moment can be undone. */
export const undoUntil = (at: Date): Date => new Date(at.getTime() + UNDO_DAYS * DAY_MS);

/** For how many days a merged customer is kept: never less than the merge can be undone; null for ever. */
export const daysKept = (retentionDays: number | null): number | null =>
  retentionDays === null ? null : Math.max(retentionDays, UNDO_DAYS);

/** @throws Refusal `invalid-request` when a customer would be merged with itself */
export const requireTwo = (survivorId: string, loserId: string): void => {
  if (survivorId !== loserId) return;
  const message = 'A customer cannot be merged with itself. Give the id of another one.';
  throw new Refusal('invalid-request', message, {
    violations: [{ in: 'body', pointer: '#/loserId', error: 'merge-with-itself', message }],
  });
};

const requireLive = (customer: Customer, message: string): void => {
  if (!isLive(stateOf(customer))) throw new Refusal('illegal-transition', message);
};

/**
 * Merges one customer into another: what the survivor lacks comes from the loser, two notes become one where they fit,
 * and a choice decides otherwise. The survivor always gets a new version, and the loser is deleted.
 * @returns both as they are then, and what the survivor was given
 * @throws Refusal `illegal-transition` when one of them is not live, `invalid-request` when the result breaks a rule
 */
export const mergeCustomers = (
  pair: Pair,
  choice: Choice,
  rules: Rules,
): Pair & Readonly<{ given: readonly Given[] }> => {
  const { survivor, loser } = pair;
  requireLive(survivor, 'The customer to merge into is deleted. Restore or unmerge it first.');
  requireLive(loser, 'The customer to merge is deleted or merged already. Restore or unmerge it first.');
  const values = DETAILS.map((field) => [field, valueOf(field, pair, choice[field])] as const);
  const changes = changesTo(values.filter(([field, value]) => value !== survivor[field]));
  const merged = nextVersion(survivor, changeCustomer(survivor, changes, rules), rules.at);
  return {
    survivor: merged,
    loser: moveCustomer(loser, 'deleted', rules.at),
    given: DETAILS.filter((field) => survivor[field] !== merged[field]).map((field) => ({
      field,
      before: survivor[field],
      after: merged[field],
    })),
  };
};

const valueOf = (field: MergedField, { survivor, loser }: Pair, side: Choice[MergedField]): string | null => {
  if (side !== undefined) return (side === 'loser' ? loser : survivor)[field];
  return field === 'note' ? bothNotes(survivor.note, loser.note) : (survivor[field] ?? loser[field]);
};

const bothNotes = (one: string | null, other: string | null): string | null => {
  if (one === null || other === null || one === other) return one ?? other;
  const both = `${one}\n\n${other}`;
  return both.length > NOTE_LENGTH ? one : both;
};

/** Fields to set, by their names. */
const changesTo = (values: Iterable<readonly [MergedField, string | null]>): DetailChanges => {
  const byField = new Map(values);
  return {
    firstName: byField.get('firstName'),
    lastName: byField.get('lastName'),
    phone: byField.get('phone'),
    email: byField.get('email'),
    note: byField.get('note'),
    customerType: CUSTOMER_TYPES.find((type) => type === byField.get('customerType')),
  };
};

/** Both customers of a merge go on in their histories, even when no field of them differs. */
const nextVersion = (before: Customer, after: Customer, at: Date): Customer => ({
  ...after,
  updatedAt: at,
  version: before.version + 1,
});

/** What a merge left behind to undo it. */
export type Undo = Readonly<{ given: readonly Given[]; restoreTo: WrittenState }>;

/**
 * Undoes a merge: the loser is what it was, and the survivor gives back what nobody changed since. What comes back was
 * right when it was there; no rule judges it again.
 * @returns both as they are then, with the names of the fields that went back and of those that stay
 * @throws Refusal `illegal-transition` when the survivor is not live
 */
export const unmergeCustomers = (
  { survivor, loser }: Pair,
  { given, restoreTo }: Undo,
  at: Date,
): Pair & Readonly<{ returned: readonly MergedField[]; kept: readonly MergedField[] }> => {
  requireLive(survivor, 'The customer to unmerge from is deleted. Restore or unmerge it first.');
  const isUntouched = ({ field, after }: Given): boolean => survivor[field] === after;
  const back = given.filter(isUntouched);
  const changes = changesTo(back.map(({ field, before }) => [field, before]));
  return {
    survivor: nextVersion(survivor, withDetails(survivor, changes), at),
    loser: moveCustomer(loser, restoreTo, at),
    returned: back.map(({ field }) => field),
    kept: given.filter((each) => !isUntouched(each)).map(({ field }) => field),
  };
};

const withDetails = (customer: Customer, changes: DetailChanges): Customer => {
  const {
    firstName = customer.firstName,
    lastName = customer.lastName,
    phone = customer.phone,
    email = customer.email,
    note = customer.note,
    customerType = customer.customerType,
  } = changes;
  return { ...customer, firstName, lastName, phone, email, note, customerType };
};
