import type { BusinessKeys } from './business-keys.ts';
import { isKeyId } from './keyring.ts';

type Ring = Pick<BusinessKeys, 'currentKeyId' | 'keyIds'>;

/**
 * The version of the records of a customer. When it grows, the re-encryption rewrites all of them: sealed fields, keyed
 * fields and the history. 2 added `matchKeys`. 3 added the sealed head and the commitments of histories. 4 made one
 * number of the ways to write a phone, and one word of the ways to spell a name.
 */
const LAYOUT = '4';

const textOf = (keyIds: Iterable<string>): string => [...new Set(keyIds)].sort().join('+');

const neededIn = (use: string): readonly string[] => use.split('|', 1).flatMap((needed) => needed.split('+'));

/** The layout that a text names; empty in records from before there were several. */
const layoutOf = (use: string): string => use.split('|')[2] ?? '';

/**
 * Which master keys the records of a customer need, as one text that an index can sort: `k2|k1+k2|3`. First come the
 * keys that are needed to read them, then those with which their blind indexes were made, then the layout (absent in
 * records from before there were several). An empty text means unknown. This function gives the text for records
 * written with this ring only.
 */
export const keyUseOf = ({ currentKeyId, keyIds }: Ring): string => keyUseWith([], { currentKeyId, keyIds });

/** The text after a change with this ring. Parts that were not rewritten keep the keys and the layout from before. */
export const keyUseAfterChange = (before: string, ring: Ring): string =>
  before === '' ? '' : useText(neededIn(before), ring, layoutOf(before));

/**
 * The text of a survivor after a merge with this ring. It may take over what older keys or an older layout made, so it needs
 * the keys of both customers and has the older layout.
 */
export const keyUseAfterMerge = (both: readonly [survivor: string, loser: string], ring: Ring): string => {
  if (both.includes('')) return '';
  const oldest = Math.min(...both.map((use) => Number(layoutOf(use))));
  return useText(both.flatMap(neededIn), ring, oldest === 0 ? '' : String(oldest));
};

/** The text for records written with this ring that also have parts which need these other keys. */
export const keyUseWith = (keyIds: readonly string[], ring: Ring): string => useText(keyIds, ring, LAYOUT);

const useText = (keyIds: readonly string[], { currentKeyId, ...ring }: Ring, layout: string): string =>
  [
    textOf([...keyIds.filter(isKeyId), currentKeyId]),
    textOf(ring.keyIds),
    ...(layout === '' ? [] : [layout]),
  ].join('|');

/** The keys that are needed to read all of it; null if unknown. */
export const keysNeeded = (use: string): readonly string[] | null => (use === '' ? null : neededIn(use));

/** Whether the records have the current layout. */
export const hasCurrentLayout = (use: string): boolean => layoutOf(use) === LAYOUT;
