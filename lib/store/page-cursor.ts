import type { BusinessScope } from '#lib/domain/actor.ts';
import { hiddenFrom } from '#lib/domain/hidden-fields.ts';
import { keyOf, type ListQuery } from './page-query.ts';
import { openPlace, sealPlace } from './sealed-place.ts';

/** How many a list had when somebody began to walk it. */
export type ListSizes = Readonly<{ living: number; purged: number }>;

/** A place in a list. */
export type Position = Readonly<{
  sizes: ListSizes;
  among: keyof ListSizes;
  /** The order key of the last one before it; of a purged one, its `timeKey`. */
  after: string;
}>;

/** Goes up with the meaning of what is sealed: then no cursor from before opens. */
const LAYOUT = 1;

/** What a cursor is of: this list, in this order, as far as this role may search it. */
const listName = (query: ListQuery, { role }: BusinessScope): string => {
  const { orderDir, phrase, state, customerType, updatedSince } = query;
  const filters = [phrase ?? null, state ?? null, customerType ?? null, updatedSince ?? null];
  return JSON.stringify(['customers', LAYOUT, keyOf(query), orderDir, ...filters, hiddenFrom(role)]);
};

/** A place in a list as its caller may hand it back: sealed, since names stand in it and URLs are written down. */
export const toCursor = async (
  { sizes, among, after }: Position,
  query: ListQuery,
  scope: BusinessScope,
): Promise<string> => {
  const text = [sizes.living, sizes.purged, among, after].join(' ');
  return await sealPlace(text, listName(query, scope), scope);
};

/**
 * The place in a list that a cursor means.
 * @throws Refusal `invalid-request` when it was not made for this business, list and role, or with a key that is gone
 */
export const fromCursor = async (
  cursor: string,
  query: ListQuery,
  scope: BusinessScope,
): Promise<Position> => {
  const text = await openPlace(cursor, listName(query, scope), scope);
  const [living, purged, among, ...after] = text.split(' ');
  return {
    sizes: { living: Number(living), purged: Number(purged) },
    among: among === 'purged' ? among : 'living',
    after: after.join(' '),
  };
};
