import type { Customer } from './customer.ts';
import { Refusal } from './errors.ts';

/** The same words for an id nobody has and for one that another business has. */
export const customerNotFound = (): Refusal =>
  new Refusal('customer-not-found', 'This business has no customer with this id.');

/** The same words whether another business has the id or anybody had it once: the other's deletions are its own matter. */
export const idTaken = (): Refusal =>
  new Refusal('id-taken', 'This _id is or was in use. Make another one and send the customer again.');

/** What must be kept for a court or an authority stays where it is. */
export const heldByLaw = (): Refusal =>
  new Refusal('legal-hold', 'This customer is under a legal hold. Wait until it is lifted.');

/** A customer that was merged comes back by undoing the merge only, so that no field is in two places. */
export const isMerged = (): Refusal =>
  new Refusal('illegal-transition', 'The customer was merged into another one. Unmerge it instead.');

/** Undone already, never done, or too long ago. */
export const nothingToUndo = (): Refusal =>
  new Refusal(
    'illegal-transition',
    'These two were not merged, or more than 30 days ago. Nothing can be undone.',
  );

/** A look-up that found nobody alive: it names no id, and not which of the two was looked for. */
export const nobodyFound = (): Refusal =>
  new Refusal('customer-not-found', 'No live customer of this business has this email or phone.');

/**
 * Holds a change to the version its author saw.
 * @param accepted the versions that If-Match named; undefined when the author named none
 * @throws Refusal `stale-version` with the current one
 */
export const requireVersion = (customer: Customer, accepted: readonly string[] | undefined): void => {
  const currentVersion = String(customer.version);
  if (accepted === undefined || accepted.includes(currentVersion)) return;
  throw new Refusal(
    'stale-version',
    'The customer has changed since you read it. Read it again and repeat your change.',
    {
      currentVersion,
    },
  );
};
