import type { Facts } from '#lib/domain/activity/facts.ts';
import { at, joined, spanAfter, type Span } from '#lib/domain/activity/spans.ts';
import { minus, momentsOf, plus, totalsOf } from '#lib/domain/activity/totals.ts';
import { readSpan, type SpanName } from './activity-spans.ts';
import { type Place, type SumLink, type SumLinks, type Sums, sumsOf } from './activity-sums.ts';

/** What one order or payment was for a customer and what it is now; null: nothing. */
export type Moved = Readonly<{ customerId: string; before: Facts | null; after: Facts | null }>;

/** Changes of orders or payments, and the links of their customers and of all survivors above. */
type Movement = Readonly<{
  moved: readonly Moved[];
  links: SumLinks;
  /** The orders or payments that move. */
  sourceIds: readonly string[];
}>;

/** New sums of a link. */
export type NewSums = Readonly<{ link: SumLink; sums: Sums }>;

/**
 * The sums after orders or payments have changed, of their customers and of all survivors above. They move by the difference; the
 * first and the last time are only read where what moved was one of them. Those of a customer in the archive stay until it is
 * back: without what only its object holds, there is no difference to move them by.
 */
export const movedSums = async (
  { moved, links, sourceIds }: Movement,
  place: Place,
): Promise<readonly NewSums[]> => {
  const known = new Map<string, Sums>();
  const all: NewSums[] = [];
  for (const [id, link] of bottomUp(links)) {
    const own = moved.filter(({ customerId }) => chainOf(customerId, links).includes(id));
    if (own.length === 0) continue;
    const before = sumsOf(link);
    if (link.away === true) {
      all.push({ link, sums: before });
      continue;
    }
    const span = (name: SpanName): Promise<Span> =>
      movedSpan({ id, name, span: before[name], own, sourceIds, known }, place);
    const sums = {
      totals: own.reduce(
        (sum, one) => plus(minus(sum, totalsOf(one.before)), totalsOf(one.after)),
        before.totals,
      ),
      orders: await span('orders'),
      visits: await span('visits'),
    };
    known.set(id, sums);
    all.push({ link, sums });
  }
  return all;
};

/** A customer and everybody above it in its chain of merges. */
const chainOf = (id: string, links: SumLinks): readonly string[] => {
  const chain: string[] = [];
  for (let next: string | undefined = id; next !== undefined && !chain.includes(next);) {
    if (!links.has(next)) break;
    chain.push(next);
    next = links.get(next)?.mergedInto?.toHexString();
  }
  return chain;
};

/** Each link before the one into which its customer was merged. */
const bottomUp = (links: SumLinks): readonly (readonly [string, SumLink])[] =>
  [...links].sort(([one], [other]) => chainOf(other, links).length - chainOf(one, links).length);

type MovingSpan = Readonly<{
  id: string;
  name: SpanName;
  span: Span;
  own: readonly Moved[];
  sourceIds: readonly string[];
  known: ReadonlyMap<string, Sums>;
}>;

const MOMENT = { orders: 'order', visits: 'visit' } as const;

const movedSpan = async (
  { id, name, span, own, sourceIds, known }: MovingSpan,
  place: Place,
): Promise<Span> => {
  let after: Span | null = span;
  for (const one of own) {
    const moments = {
      before: momentsOf(one.before)[MOMENT[name]],
      after: momentsOf(one.after)[MOMENT[name]],
    };
    if (after !== null && moments.before?.getTime() !== moments.after?.getTime())
      after = spanAfter(after, moments);
  }
  if (after !== null) return after;
  const rest = await readSpan({ customerId: id, name, without: sourceIds, known }, place);
  const moments = own.map((one) => at(momentsOf(one.after)[MOMENT[name]]));
  return moments.reduce(joined, rest);
};
