import type { BusinessScope } from '#lib/domain/actor.ts';
import type { Customer } from '#lib/domain/customer.ts';
import { openLinked } from './customer-reader.ts';
import { readTimeKey, timeKey } from './link-fields.ts';
import { fromCursor, type ListSizes, toCursor } from './page-cursor.ts';
import { type LinkedCustomer, readLinks, skipped, type Start } from './page-links.ts';
import { keyOf, type PageQuery, purgedSince } from './page-query.ts';
import { findTombstones, type Tombstone } from './tombstones.ts';

/** A slice of the customers of a business; with `updatedSince`, the purged ones follow the others. */
export type Page = Readonly<{
  customers: readonly Customer[];
  purged: readonly Tombstone[];
  /** Exact when the walk began: a later page does not count again. */
  totalSize: number;
  /** Null when nothing follows. */
  nextCursor: string | null;
}>;

/**
 * Reads one page, and the exact total unless a cursor brings it.
 * @throws Refusal `invalid-request` for a cursor that is not of this list
 */
export const readPage = async (query: PageQuery, scope: BusinessScope): Promise<Page> => {
  const { pageSize, cursor } = query;
  const start = cursor === undefined ? null : await fromCursor(cursor, query, scope);
  const { finding, counting } = await readLinks(query, start, scope);
  const opening = finding.then((links) => openLinked(links.slice(0, pageSize), scope));
  const [sizes, links, customers] = await Promise.all([counting, finding, opening]);
  // Each is asked for one more than the page takes: then something follows.
  const room = pageSize - links.length;
  const tombstones = room < 0 ? [] : await readTombstones(query, { start, sizes, limit: room + 1 }, scope);
  const living = links.slice(0, pageSize);
  const purged = tombstones.slice(0, Math.max(0, room));
  const last = room < tombstones.length ? lastOf(query, living, purged) : null;
  return {
    customers,
    purged,
    totalSize: sizes.living + sizes.purged,
    nextCursor: last === null ? null : await toCursor({ sizes, ...last }, query, scope),
  };
};

const lastOf = (query: PageQuery, living: readonly LinkedCustomer[], purged: readonly Tombstone[]) => {
  const tombstone = purged.at(-1);
  if (tombstone !== undefined)
    return { among: 'purged', after: timeKey(tombstone.at, tombstone.id) } as const;
  const link = living.at(-1);
  return link === undefined ? null : ({ among: 'living', after: String(link[keyOf(query)]) } as const);
};

/** The purged ones follow the living: from their beginning, from a cursor, or as far in as a numbered page is. */
const readTombstones = async (
  query: PageQuery,
  { start, sizes, limit }: { start: Start; sizes: ListSizes; limit: number },
  scope: BusinessScope,
): Promise<Tombstone[]> => {
  const since = purgedSince(query);
  if (since === null) return [];
  const from = start?.among === 'purged' ? readTimeKey(start.after) : since;
  const skip = Math.max(0, skipped(query) - sizes.living);
  return await findTombstones({ from, skip, limit }, scope);
};
