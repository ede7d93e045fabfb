import { DETAILS } from '#lib/domain/customers/customer-details.ts';
import type { Given } from '#lib/domain/duplicates/merge.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { openText, sealText } from '#lib/privacy/field-cipher.ts';
import { isList } from '#lib/store/isolation/command.ts';

const placeOf = (loserId: string) => ({ collection: 'merge', id: loserId });

/** Seals the values that a merge gave its survivor. They can only be opened for the same loser. */
export const sealGiven = (keys: BusinessKeys, loserId: string, given: readonly Given[]): Buffer =>
  sealText(
    keys,
    placeOf(loserId),
    JSON.stringify(given.map(({ field, before, after }) => [field, before, after])),
  );

/**
 * Opens what `sealGiven` made.
 * @throws UnknownKey, CannotOpen when it was sealed with another key, or altered
 */
export const openGiven = (keys: BusinessKeys, loserId: string, sealed: Uint8Array): readonly Given[] => {
  const rows: unknown = JSON.parse(openText(keys, placeOf(loserId), sealed));
  return isList(rows) ? rows.map(toGiven) : [];
};

/** The same, sealed with the current key. */
export const resealGiven = (keys: BusinessKeys, loserId: string, sealed: Uint8Array): Buffer =>
  sealText(keys, placeOf(loserId), openText(keys, placeOf(loserId), sealed));

const toGiven = (row: unknown): Given => {
  const [name, before, after] = isList(row) ? row : [];
  const field = DETAILS.find((each) => each === name);
  if (field === undefined || !isValue(before) || !isValue(after))
    throw new Error('An undo record of a merge has an unknown field or value.');
  return { field, before, after };
};

const isValue = (value: unknown): value is string | null => value === null || typeof value === 'string';
