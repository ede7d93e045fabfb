import type { BusinessScope } from '#lib/domain/access/scope.ts';
import {
  changedPreferences,
  lackingPreferences,
  partedPreferences,
  unitedPreferences,
} from '#lib/domain/activity/preferences.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import type { StoredCustomer } from './reader.ts';
import { type KeptPreferences, openKeptPreferences, sealPreferences } from './sealed-preferences.ts';

type Merging = Readonly<{ absorbs?: StoredCustomer; releases?: StoredCustomer }>;
type Both = Readonly<{ own: KeptPreferences; others: KeptPreferences; otherId: string }>;

const united = ({ own, others, otherId }: Both): KeptPreferences => {
  const names = lackingPreferences(own.preferences, others.preferences);
  return {
    preferences: unitedPreferences(own.preferences, others.preferences),
    taken: names.length === 0 ? own.taken : [...own.taken, { from: otherId, names }],
  };
};

const parted = ({ own, others, otherId }: Both): KeptPreferences => {
  const names = own.taken.filter(({ from }) => from === otherId).flatMap((taken) => taken.names);
  return {
    preferences: partedPreferences(own.preferences, others.preferences, names),
    taken: own.taken.filter(({ from }) => from !== otherId),
  };
};

/**
 * What a merge, or its undo, does to the preferences of a survivor: the field of its link to set, and the names of the preferences
 * that change. A survivor takes over what it lacks, and gives back what it has kept as it was.
 */
export const preferencesAfterMerge = async (
  survivor: StoredCustomer,
  { absorbs, releases }: Merging,
  scope: BusinessScope,
): Promise<Readonly<{ set: { preferences?: Buffer }; fields: readonly string[] }>> => {
  const other = absorbs ?? releases;
  if (other?.link.preferences === undefined) return { set: {}, fields: [] };
  const { own, others } = await readWithKeys(scope, (keys) => ({
    own: openKeptPreferences(keys, survivor.link),
    others: openKeptPreferences(keys, other.link),
  }));
  const both = { own, others, otherId: other.customer.id };
  const after = absorbs === undefined ? parted(both) : united(both);
  const fields = changedPreferences(own.preferences, after.preferences);
  if (fields.length === 0 && after.taken.length === own.taken.length) return { set: {}, fields };
  return { set: { preferences: sealPreferences(survivor.keys, survivor.customer.id, after) }, fields };
};
