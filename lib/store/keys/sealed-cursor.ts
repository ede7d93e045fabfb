import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { unreadableCursor } from '#lib/domain/refusals.ts';
import { CannotOpen, openCursor, sealCursor } from '#lib/privacy/field-cipher.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import { keysOf, readWithKeys } from './request-keys.ts';

/** Makes a cursor: seals a place in a list of the caller's business. Only the same list can open it. */
export const sealPlace = async (place: string, list: string, scope: BusinessScope): Promise<string> =>
  sealCursor(await keysOf(scope), list, place);

/**
 * Opens a cursor and returns the place in the list.
 * @throws Refusal `invalid-request` when it was made for another business or list, or its key no longer exists
 */
export const openPlace = async (cursor: string, list: string, scope: BusinessScope): Promise<string> => {
  try {
    return await readWithKeys(scope, (keys) => openCursor(keys, list, cursor));
  } catch (error) {
    if (error instanceof CannotOpen || error instanceof UnknownKey) throw unreadableCursor();
    throw error;
  }
};
