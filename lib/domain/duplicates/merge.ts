import {
  changeCustomer,
  type Customer,
  moveCustomer,
  type Rules,
  stateOf,
} from '#lib/domain/customers/customer.ts';
import { CUSTOMER_TYPES, DETAILS, NOTE_LENGTH, setDetails } from '#lib/domain/customers/customer-details.ts';
import type { DetailChanges } from '#lib/domain/customers/customer-details.ts';
import { isLive, type WrittenState } from '#lib/domain/customers/customer-state.ts';
import { DAY_MS } from '#lib/domain/days.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { comesBackByUnmerge } from '#lib/domain/refusals.ts';

/** Days during which a merge can be undone. */
export const UNDO_DAYS = 30;

/** A field whose value can come from either customer of a merge. */
export type MergedField = (typeof DETAILS)[number];
export const SIDES = ['survivor', 'loser'] as const;
/** Whose value to keep, by field. Without a choice, it is the survivor's value if it has one. */
export type Choice = Readonly<{ [K in MergedField]?: (typeof SIDES)[number] | undefined }>;

/** Two customers who are the same person: the one that stays and the one that is merged into it. */
export type Pair = Readonly<{ survivor: Customer; loser: Customer }>;

/** A field of the survivor that a merge has changed. */
export type Given = Readonly<{ field: MergedField; before: string | null; after: string | null }>;

/** Until when a merge that happens at this moment can be undone. */
export const undoUntil = (at: Date): Date => new Date(at.getTime() + UNDO_DAYS * DAY_MS);

/** For how many days a merged customer is kept: at least as long as the merge can be undone. Null: for ever. */
export const daysKept = (retentionDays: number | null): number | null =>
  retentionDays === null ? null : Math.max(retentionDays, UNDO_DAYS);

/** @throws Refusal `invalid-request` when both ids are the same */
export const requireTwo = (survivorId: string, loserId: string): void => {
  if (survivorId !== loserId) return;
  const message = 'A customer cannot be merged with itself. Send the id of another customer.';
  throw new Refusal('invalid-request', message, {
    violations: [{ in: 'body', pointer: '#/loserId', error: 'merge-with-itself', message }],
  });
};

/**
 * Refuses a change that would bring back a merged customer. Only undoing the merge may do that.
 * @throws Refusal `illegal-transition` when the change makes a merged customer live
 */
export const requireUnmerge = ({
  before,
  after,
  isMerged,
}: Readonly<{ before: Customer; after: Customer; isMerged: boolean }>): void => {
  if (isMerged && !isLive(stateOf(before)) && isLive(stateOf(after))) throw comesBackByUnmerge();
};

const requireLive = (customer: Customer, message: string): void => {
  if (!isLive(stateOf(customer))) throw new Refusal('illegal-transition', message);
};

/**
 * Merges one customer into another. Fields that the survivor lacks come from the loser, and two notes are joined if
 * they fit, unless the choice says otherwise. The survivor always gets a new version, and the loser is deleted.
 * @returns both customers after the merge, and the fields that changed on the survivor
 * @throws Refusal `illegal-transition` when one of them is not live, `invalid-request` when the result breaks a rule
 */
export const mergeCustomers = (
  pair: Pair,
  choice: Choice,
  rules: Rules,
): Pair & Readonly<{ given: readonly Given[] }> => {
  const { survivor, loser } = pair;
  requireLive(survivor, 'The customer to merge into is deleted. Restore or unmerge it first.');
  requireLive(loser, 'The customer to merge is deleted or already merged. Restore or unmerge it first.');
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

/** The changes that set these fields. */
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

/** A new version even if no field differs, because a merge adds an entry to the histories of both customers. */
const nextVersion = (before: Customer, after: Customer, at: Date): Customer => ({
  ...after,
  updatedAt: at,
  version: before.version + 1,
});

/**
 * The part of a change meant for the loser of a merge that its survivor gets: the fields that differ from the loser's own
 * record. A client that sends the whole record back did not change the others.
 */
export const changesForSurvivor = (
  loser: Customer,
  sent: DetailChanges,
  settings: Rules['settings'],
): DetailChanges => {
  // The rules are checked on the survivor.
  const { details } = setDetails(loser, sent, settings);
  const ifChanged = <F extends MergedField>(field: F): DetailChanges[F] =>
    details[field] === loser[field] ? undefined : sent[field];
  return {
    firstName: ifChanged('firstName'),
    lastName: ifChanged('lastName'),
    phone: ifChanged('phone'),
    email: ifChanged('email'),
    note: ifChanged('note'),
    customerType: ifChanged('customerType'),
  };
};

/** What is kept of a merge so that it can be undone. */
export type Undo = Readonly<{ given: readonly Given[]; restoreTo: WrittenState }>;

/**
 * Undoes a merge. The loser is restored, and the survivor's merged fields go back to what they were, except those that
 * were changed since. The old values were valid before, so no rule is checked again.
 * @returns both customers afterwards, with the names of the fields that were reset and of those that stay
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
