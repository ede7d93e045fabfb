import { changedPreferences, NO_PREFERENCES, type Preferences } from '#lib/domain/activity/preferences.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { findForChange } from '#lib/store/customers/merged.ts';
import { noteInHistory } from '#lib/store/customers/note-in-history.ts';
import type { StoredCustomer } from '#lib/store/customers/reader.ts';
import {
  type KeptPreferences,
  openKeptPreferences,
  openPreferences,
  sealPreferences,
} from '#lib/store/customers/sealed-preferences.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import { findActivityLink } from './activity-link.ts';

/** A customer, or the one that it was merged into, with its preferences. */
export type WithPreferences = KeptPreferences & Readonly<{ stored: StoredCustomer }>;

/** Null for an unknown id, for the id of another business's customer, and when the survivor was purged. */
const find = async (id: string, scope: BusinessScope): Promise<WithPreferences | null> => {
  const stored = await findForChange(id, scope);
  if (stored === null) return null;
  const kept = await readWithKeys(scope, (keys) => openKeptPreferences(keys, stored.link));
  return { stored, ...kept };
};

/** The preferences alone, to be shown; also by an id by which an order names the customer. Null likewise. */
const read = async (id: string, scope: BusinessScope): Promise<Preferences | null> => {
  const link = await findActivityLink(id, { preferences: 1 }, scope);
  return link === null ? null : await readWithKeys(scope, (keys) => openPreferences(keys, link));
};

/** Stages preferences in place of those before, with one history entry and one event; nothing when they are the same. */
const set = async (
  { stored, preferences, taken }: WithPreferences,
  { after, at }: Readonly<{ after: Preferences; at: Date }>,
  scope: BusinessScope,
): Promise<void> => {
  const fields = changedPreferences(preferences, after);
  if (fields.length === 0) return;
  const note = { action: 'set-preferences', at, fields, event: 'customer-changed' } as const;
  const isNothingLeft = changedPreferences(after, NO_PREFERENCES).length === 0;
  const sealed = (): Buffer =>
    sealPreferences(stored.keys, stored.customer.id, { preferences: after, taken });
  await noteInHistory(
    stored,
    isNothingLeft ? { ...note, unset: ['preferences'] } : { ...note, set: { preferences: sealed() } },
    scope,
  );
};

/** The preferences of the caller's customers. Writes are staged; nothing is saved before the request commits. */
export const customerPreferences = { read, find, set };
export type CustomerPreferences = typeof customerPreferences;
