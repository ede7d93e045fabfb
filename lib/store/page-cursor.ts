import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { hiddenFrom } from '#lib/domain/hidden-fields.ts';
import { CannotOpen, openCursor, sealCursor } from '#lib/privacy/field-cipher.ts';
import { canonicalJson, textDigest } from '#lib/privacy/payload-hash.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import { keysOf, readWithKeys } from './keys.ts';
import { keyOf, type ListQuery } from './page-query.ts';

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
  const filters = { phrase, state, customerType, updatedSince };
  const list = { ...filters, key: keyOf(query), orderDir, hidden: hiddenFrom(role) };
  return `customers|${String(LAYOUT)}|${textDigest(canonicalJson(list))}`;
};

/** A place in a list as its caller may hand it back: sealed, since names stand in it and URLs are written down. */
export const toCursor = async (
  { sizes, among, after }: Position,
  query: ListQuery,
  scope: BusinessScope,
): Promise<string> => {
  const text = [sizes.living, sizes.purged, among, after].join(' ');
  return sealCursor(await keysOf(scope), listName(query, scope), text);
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
  const text = await opened(cursor, listName(query, scope), scope);
  const [living, purged, among, ...after] = text.split(' ');
  return {
    sizes: { living: Number(living), purged: Number(purged) },
    among: among === 'purged' ? among : 'living',
    after: after.join(' '),
  };
};

const opened = async (cursor: string, list: string, scope: BusinessScope): Promise<string> => {
  try {
    return await readWithKeys(scope, (keys) => openCursor(keys, list, cursor));
  } catch (error) {
    if (error instanceof CannotOpen || error instanceof UnknownKey) throw notOfThisList();
    throw error;
  }
};

const notOfThisList = (): Refusal => {
  const message = 'This cursor is not of this list, or too old. Start again without it.';
  return new Refusal('invalid-request', message, {
    violations: [{ in: 'query', pointer: '#/cursor', error: 'cursor', message }],
  });
};
