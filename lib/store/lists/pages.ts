import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { readTimeKey, timeKey } from '#lib/store/customers/link.ts';
import { openLinked } from '#lib/store/customers/reader.ts';
import { findTombstones, type Tombstone } from '#lib/store/retention/tombstones.ts';
import { type ListSizes, type Position, sealPosition } from './cursor.ts';
import { type LinkedCustomer, readLinks } from './page-links.ts';
import { type ListPlan, type PageQuery, planList } from './plan.ts';

/** A slice of the customers of a business. With `updatedSince`, purged customers follow the others. */
export type Page = Readonly<{
  customers: readonly Customer[];
  purged: readonly Tombstone[];
  /** Exact at the time of the first page. Later pages do not count again. */
  totalSize: number;
  /** Null when nothing follows. */
  nextCursor: string | null;
}>;

/**
 * Reads one page, and counts the list unless a cursor has its size.
 * @throws Refusal `invalid-request` for a cursor that is not of this list
 */
export const readPage = async (query: PageQuery, scope: BusinessScope): Promise<Page> => {
  const plan = await planList(query, scope);
  const { pageSize } = plan;
  const { finding, counting } = readLinks(plan, scope);
  const opening = finding.then((links) => openLinked(links.slice(0, pageSize), scope));
  const [sizes, links, customers] = await Promise.all([counting, finding, opening]);
  // Each read asks for one more than the page shows. If that one is found, another page follows.
  const room = pageSize - links.length;
  const tombstones = room < 0 ? [] : await readTombstones(plan, { sizes, limit: room + 1 }, scope);
  const living = links.slice(0, pageSize);
  const purged = tombstones.slice(0, Math.max(0, room));
  const last = room < tombstones.length ? lastOf(plan, living, purged) : null;
  return {
    customers,
    purged,
    totalSize: sizes.living + sizes.purged,
    nextCursor: last === null ? null : await sealPosition({ sizes, ...last }, plan.name, scope),
  };
};

const lastOf = (
  { key }: ListPlan,
  living: readonly LinkedCustomer[],
  purged: readonly Tombstone[],
): Omit<Position, 'sizes'> | null => {
  const tombstone = purged.at(-1);
  if (tombstone !== undefined) return { among: 'purged', after: timeKey(tombstone.at, tombstone.id) };
  const link = living.at(-1);
  return link === undefined ? null : { among: 'living', after: String(link[key]) };
};

/** Reads the purged customers of a page: from the first one, after a cursor, or from where a numbered page starts. */
const readTombstones = async (
  { purgedSince, start, skip }: ListPlan,
  { sizes, limit }: { sizes: ListSizes; limit: number },
  scope: BusinessScope,
): Promise<Tombstone[]> => {
  if (purgedSince === null) return [];
  const from = start?.among === 'purged' ? readTimeKey(start.after) : purgedSince;
  return await findTombstones({ from, skip: Math.max(0, skip - sizes.living), limit }, scope);
};
