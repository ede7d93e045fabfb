import { type Grant, lendingRule, type RateLimit } from '#lib/domain/rate-limit.ts';

/** What the database keeps of a business's requests. `at` in milliseconds of its clock. */
export type Bucket = Readonly<{ left: number; at: number }>;

/**
 * What the database's update does, in plain words: the model that the properties of the domain run against, and that
 * the store is held to. No bucket is a full one.
 */
export const lend = (
  bucket: Bucket | null,
  { wanted, limit }: Readonly<{ wanted: number; limit: RateLimit }>,
  now: number,
): Readonly<{ bucket: Bucket; grant: Grant }> => {
  const before = bucket ?? { left: limit.burst, at: now };
  const filled = before.left + (Math.max(0, now - before.at) * limit.perSecond) / 1_000;
  const there = Math.min(limit.burst, filled);
  const { atLeast, shareOfLeft } = lendingRule(limit);
  const granted = Math.min(wanted, Math.floor(there), Math.max(atLeast, Math.floor(there * shareOfLeft)));
  const left = there - granted;
  return { bucket: { left, at: now }, grant: { granted, left } };
};
