/** How many customers of a business are due to be purged. */
export type DueOfBusiness = Readonly<{ businessId: string; due: number; total: number }>;

/**
 * Whether a purge would remove a larger share of a business than one run may: that is more likely a mistake than
 * intended.
 * @param limits `largestShare` is from 0 to 1; fewer due customers than `shareCountsFrom` are never too many
 */
export const exceedsShare = (
  { due, total }: DueOfBusiness,
  limits: Readonly<{ largestShare: number; shareCountsFrom: number }>,
): boolean => due >= limits.shareCountsFrom && due > total * limits.largestShare;
