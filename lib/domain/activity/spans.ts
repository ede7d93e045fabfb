/** When the first and the last of something began. Both are null when there was none. */
export type Span = Readonly<{ first: Date | null; last: Date | null }>;

export const NO_SPAN: Span = { first: null, last: null };

const earlier = (one: Date | null, other: Date | null): Date | null =>
  one === null || other === null ? (one ?? other) : one < other ? one : other;

const later = (one: Date | null, other: Date | null): Date | null =>
  one === null || other === null ? (one ?? other) : one > other ? one : other;

/** The span of everything that is in one or the other. */
export const joined = (one: Span, other: Span): Span => ({
  first: earlier(one.first, other.first),
  last: later(one.last, other.last),
});

/** The span of one moment. */
export const at = (moment: Date | null): Span => ({ first: moment, last: moment });

const isAt = (end: Date | null, moment: Date): boolean => end?.getTime() === moment.getTime();

/**
 * A span after one of its moments became another one, or was taken out or added.
 * @param before null: nothing was there
 * @param after null: nothing is there
 * @returns null when the moment was the first or the last, so that only the others can tell what is now
 */
export const spanAfter = (
  span: Span,
  { before, after }: Readonly<{ before: Date | null; after: Date | null }>,
): Span | null => {
  if (before === null) return joined(span, at(after));
  if (after !== null && isAt(before, after)) return span;
  const wasFirst = isAt(span.first, before);
  const wasLast = isAt(span.last, before);
  const staysFirst = !wasFirst || (after !== null && after < before);
  const staysLast = !wasLast || (after !== null && after > before);
  return staysFirst && staysLast ? moved(span, { wasFirst, wasLast, after }) : null;
};

const moved = (
  { first, last }: Span,
  { wasFirst, wasLast, after }: Readonly<{ wasFirst: boolean; wasLast: boolean; after: Date | null }>,
): Span => ({
  first: wasFirst ? after : earlier(first, after),
  last: wasLast ? after : later(last, after),
});
