import { DETAILS } from '#lib/domain/customer.ts';
import type { Given } from '#lib/domain/merge.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { openText, sealText } from '#lib/privacy/field-cipher.ts';
import { isList } from './isolation/command.ts';

const placeOf = (loserId: string) => ({ collection: 'merge', id: loserId });

/** Seals what a merge gave its survivor. It is opened for the same loser only. */
export const sealGiven = (keys: BusinessKeys, loserId: string, given: readonly Given[]): Buffer =>
  sealText(
    keys,
    placeOf(loserId),
    JSON.stringify(given.map(({ field, before, after }) => [field, before, after])),
  );

/** Opens what `sealGiven` made. */
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
  if (field === undefined || !isValue(before) || !isValue(after)) throw new Error('No record of a merge.');
  return { field, before, after };
};

const isValue = (value: unknown): value is string | null => value === null || typeof value === 'string';
