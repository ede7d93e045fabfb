/** Why a customer must be kept, and since when. Null: unknown, because this service did not place the hold. */
export type LegalHold = Readonly<{ since: Date | null; reason: string | null }>;

/** A hold that this service places. */
export type PlacedHold = Readonly<{ since: Date; reason: string }>;

/**
 * The hold to store when one is placed. A new reason replaces the old one, and the beginning stays.
 * @param before the hold so far; null when there is none
 * @returns null when the customer is held for the same reason already, so there is nothing to store
 */
export const placeHold = (
  before: LegalHold | null,
  { reason, at }: Readonly<{ reason: string; at: Date }>,
): PlacedHold | null => (before?.reason === reason ? null : { since: before?.since ?? at, reason });
