import { afterLeaving, type Facts } from './facts.ts';
import { bothParts } from './order.ts';
import { isNewer } from './stamp.ts';

/** What is stored of a source for one customer. */
export type Stored = Readonly<{
  customerId: string;
  /** The ids by which the source has named the customer. */
  attendeeIds: readonly string[];
  stamp: string;
  facts: Facts;
}>;

/** Whom a state of a source names, and what it says of them. Each customer once. */
export type Named = Readonly<{ customerId: string; attendeeIds: readonly string[]; facts: Facts }>;

/** What becomes of one customer's part of a source. */
export type Folded<S extends Stored = Stored> = Readonly<{
  before: S | null;
  after: Stored;
}>;

/**
 * Folds a newer state of a source into what is stored of it. Who is not named any more counts nothing from then on, but the ids
 * still lead to the customer.
 * @returns the parts that change
 */
export const fold = <S extends Stored>(
  stored: readonly S[],
  { stamp, named }: Readonly<{ stamp: string; named: readonly Named[] }>,
): readonly Folded<S>[] => {
  const kept = named.map(({ customerId, attendeeIds, facts }): Folded<S> => {
    const before = stored.find((one) => one.customerId === customerId) ?? null;
    const ids = [...new Set([...(before?.attendeeIds ?? []), ...attendeeIds])];
    return { before, after: { customerId, attendeeIds: ids, stamp, facts } };
  });
  const left = stored
    .filter(({ customerId, facts }) => !facts.hasLeft && named.every((one) => one.customerId !== customerId))
    .map((before): Folded<S> => ({ before, after: { ...before, stamp, facts: afterLeaving(before.facts) } }));
  return [...kept, ...left];
};

/**
 * Two parts of one source become one, because they are of the same person: the newer one, with the ids of both. A part that
 * has left says less than one that has not, and two parts of the same order count as one order.
 */
export const united = <S extends Stored>(one: S, other: S): S => {
  const attendeeIds = [...new Set([...one.attendeeIds, ...other.attendeeIds])];
  if (one.facts.hasLeft !== other.facts.hasLeft) return { ...(one.facts.hasLeft ? other : one), attendeeIds };
  const { facts } = one;
  if (facts.kind === 'order' && other.facts.kind === 'order' && one.stamp === other.stamp)
    return { ...one, attendeeIds, facts: bothParts(facts, other.facts) };
  return { ...(isNewer(other.stamp, one.stamp) ? other : one), attendeeIds };
};
