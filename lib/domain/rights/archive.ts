import type { Purpose } from '#lib/domain/access/purpose.ts';
import { type CustomerState, isLive } from '#lib/domain/customers/customer-state.ts';
import { inArchive } from '#lib/domain/refusals.ts';

/** What the archive is for, as the history says when a customer goes there and comes back. */
export const ARCHIVE_PURPOSE = 'manage-relationship' satisfies Purpose;

/** A customer of a business. */
type Whose = Readonly<{ businessId: string; customerId: string }>;

/** Where the archive's bucket has everything of a customer. */
export const archivePrefix = ({ businessId, customerId }: Whose): `archive/${string}/` =>
  `archive/${businessId}/${customerId}/`;

/**
 * The key of an object in the archive.
 * @param attempt different for each attempt, so that one that was given up never writes over a later one
 */
export const archiveObjectKey = (
  whose: Whose,
  { auditSeq, attempt }: Readonly<{ auditSeq: number; attempt: string }>,
): string => `${archivePrefix(whose)}${String(auditSeq)}/${attempt}`;

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * An archived customer goes to the archive if it was changed last before this time.
 * @param now by the database's clock
 */
export const archivedBefore = (now: Date, afterDays: number): Date =>
  new Date(now.getTime() - afterDays * DAY_MS);

/**
 * The note of a customer that comes back: the archived one, then what was written meanwhile. A text that is in the other one
 * already is not repeated, so joining twice changes nothing.
 */
export const joinedNotes = (archived: string | null, since: string | null): string | null => {
  if (archived === null || since === null) return archived ?? since;
  if (since.includes(archived)) return since;
  return archived.includes(since) ? archived : `${archived}\n\n${since}`;
};

/** Whether a change asks for what the archive has: the customer is in use again. */
export const asksForRecall = ({ from, to }: Readonly<{ from: CustomerState; to: CustomerState }>): boolean =>
  from !== to && isLive(to);

/**
 * Does nothing for a customer whose whole record is in the database.
 * @throws Refusal `in-archive`
 */
export const requireHere = ({ isAway }: Readonly<{ isAway: boolean }>): void => {
  if (isAway) throw inArchive();
};
