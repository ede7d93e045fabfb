import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { openPlace, sealPlace } from '#lib/store/keys/sealed-cursor.ts';

/** How many customers a list had when its first page was read. */
export type ListSizes = Readonly<{ living: number; purged: number }>;

/** A place in a list. */
export type Position = Readonly<{
  sizes: ListSizes;
  among: keyof ListSizes;
  /** The sort key of the last customer before it. For a purged customer, its `timeKey`. */
  after: string;
}>;

/** Makes a cursor of a position in a list. It is sealed, because it may contain names and URLs are logged. */
export const sealPosition = async (
  { sizes, among, after }: Position,
  list: string,
  scope: BusinessScope,
): Promise<string> => await sealPlace([sizes.living, sizes.purged, among, after].join(' '), list, scope);

/**
 * Opens a cursor and returns the position in the list.
 * @throws Refusal `invalid-request` when it was made for another business, list or role, or its key no longer exists
 */
export const openPosition = async (cursor: string, list: string, scope: BusinessScope): Promise<Position> => {
  const text = await openPlace(cursor, list, scope);
  const [living, purged, among, ...after] = text.split(' ');
  return {
    sizes: { living: Number(living), purged: Number(purged) },
    among: among === 'purged' ? among : 'living',
    after: after.join(' '),
  };
};
