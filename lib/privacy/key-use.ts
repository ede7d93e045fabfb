import type { BusinessKeys } from './business-keys.ts';
import { isKeyId } from './keyring.ts';

type Ring = Pick<BusinessKeys, 'currentKeyId' | 'keyIds'>;

/** Goes up when the keyed fields of a link are made otherwise: then all are made anew. 2: with `matchKeys`. */
const LAYOUT = 2;

const textOf = (keyIds: Iterable<string>): string => [...new Set(keyIds)].sort().join('+');

const neededIn = (use: string): readonly string[] => use.split('|', 1).flatMap((needed) => needed.split('+'));

/**
 * Which master keys a customer's records lean on, as one text that an index can walk: `k2|k1+k2|2`. First those that
 * something was sealed or hashed with and is needed to read it, then those that its blind indexes were made with, then by
 * which layout: none, before there were several. This one is of what was written by this ring alone. An empty text says
 * that nobody knows.
 */
export const keyUseOf = ({ currentKeyId, keyIds }: Ring): string => keyUseWith([], { currentKeyId, keyIds });

/** The use once this ring has changed a customer: what it did not write anew still needs the keys from before. */
export const keyUseAfterChange = (before: string, ring: Ring): string =>
  before === '' ? '' : keyUseWith(neededIn(before), ring);

/** The use of what was written by this ring, beside parts that need these keys too. */
export const keyUseWith = (keyIds: readonly string[], { currentKeyId, ...ring }: Ring): string =>
  `${textOf([...keyIds.filter(isKeyId), currentKeyId])}|${textOf(ring.keyIds)}|${String(LAYOUT)}`;

/** The keys without which not all of it can be read; null when nobody knows. */
export const keysNeeded = (use: string): readonly string[] | null => (use === '' ? null : neededIn(use));
