import { type Grant, lendingRule, type Wish } from '#lib/domain/business/request-allowance.ts';

/** What the database stores about the requests of a business. `at` is in milliseconds of the database's clock. */
export type Bucket = Readonly<{ left: number; at: number }>;

/**
 * A model of the database's update. The property tests of the domain run against it, and the store is compared with it.
 * A missing bucket is a full one.
 */
export const lend = (
  bucket: Bucket | null,
  { wanted, limit, needed = 1 }: Omit<Wish, 'needed'> & Partial<Wish>,
  now: number,
): Readonly<{ bucket: Bucket; grant: Grant }> => {
  const before = bucket ?? { left: limit.burst, at: now };
  const filled = before.left + (Math.max(0, now - before.at) * limit.perSecond) / 1_000;
  const there = Math.min(limit.burst, filled);
  const { atLeast, shareOfLeft, needed: least } = lendingRule({ limit, needed });
  const share = Math.max(atLeast, Math.floor(there * shareOfLeft));
  const granted = there < least ? 0 : Math.max(needed, Math.min(wanted, Math.floor(there), share));
  const left = there - granted;
  return { bucket: { left, at: now }, grant: { granted, left } };
};
