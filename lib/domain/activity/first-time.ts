/** The order that is being made or edited, as one of a customer's orders. */
export type ExceptedOrder = Readonly<{ startAt: Date; isCounted: boolean }>;

/** What is known of a customer's orders without reading them. */
export type KnownOrders = Readonly<{
  /** When the first booked or done order begins; null when there is none. */
  firstOrderAt: Date | null;
  /** What is stored of the order that is left out. After a merge, it may be there twice. */
  excepted: readonly ExceptedOrder[];
}>;

/**
 * Whether a customer comes for the first time at a moment: no booked or done order begins before it, one order left out.
 * @returns null when the first order may be the one that is left out: only another order can tell
 */
export const isFirstTime = ({ firstOrderAt, excepted }: KnownOrders, at: Date): boolean | null => {
  if (firstOrderAt === null || firstOrderAt >= at) return true;
  const first = firstOrderAt.getTime();
  const mayBeTheFirst = excepted.some(({ startAt, isCounted }) => isCounted && startAt.getTime() === first);
  return mayBeTheFirst ? null : false;
};
