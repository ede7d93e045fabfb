import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { CannotOpen, openCursor, sealCursor } from '#lib/privacy/field-cipher.ts';
import { UnknownKey } from '#lib/privacy/unknown-key.ts';
import { keysOf, readWithKeys } from './keys.ts';

/** Seals a place in a list of the caller's business, as a cursor. */
export const sealPlace = async (place: string, list: string, scope: BusinessScope): Promise<string> =>
  sealCursor(await keysOf(scope), list, place);

/**
 * The place that a cursor means.
 * @throws Refusal `invalid-request` when it was not made for this business and list, or with a key that is gone
 */
export const openPlace = async (cursor: string, list: string, scope: BusinessScope): Promise<string> => {
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
