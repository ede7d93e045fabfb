/** How much of a business is due for purging. */
export type DueOfBusiness = Readonly<{ businessId: string; due: number; total: number }>;

/**
 * Whether a purge would remove more of a business than a run may: more likely a mistake than a wish.
 * @param limits `largestShare` from 0 to 1; fewer due than `shareCountsFrom` are never too many
 */
export const exceedsShare = (
  { due, total }: DueOfBusiness,
  limits: Readonly<{ largestShare: number; shareCountsFrom: number }>,
): boolean => due >= limits.shareCountsFrom && due > total * limits.largestShare;
