import {
  type Invoicing,
  NO_PREFERENCES,
  PREFERENCE_NAMES,
  type Preferences,
  type TakenPreferences,
} from '#lib/domain/activity/preferences.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import type { StoredCustomer } from './reader.ts';
import { CHANNELS } from '#lib/domain/rights/consents.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { needsResealing, openField, sealField } from '#lib/privacy/field-cipher.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { type Fields, isFields, isList } from '#lib/store/isolation/command.ts';

const placeOf = (customerId: string) => ({ customerId, field: 'preferences' });

/** The preferences of a customer, and which of them it took over in merges. */
export type KeptPreferences = Readonly<{ preferences: Preferences; taken: readonly TakenPreferences[] }>;

/** Encrypts the preferences of a customer as JSON: padded, bound to business and customer. */
export const sealPreferences = (
  keys: BusinessKeys,
  customerId: string,
  { preferences, taken }: KeptPreferences,
): Buffer =>
  sealField(
    keys,
    placeOf(customerId),
    JSON.stringify({ ...preferences, ...(taken.length > 0 && { taken }) }),
  );

type StoredPreferences = Pick<CustomerLinkDocument, 'customerId' | 'preferences'>;

/**
 * The preferences of a customer, from its link; nothing is known when the link has none.
 * @throws CannotOpen when they were altered or moved
 * @throws UnknownKey when the ring does not have their key
 */
export const openPreferences = (keys: BusinessKeys, link: StoredPreferences): Preferences =>
  openKeptPreferences(keys, link).preferences;

/** The same, with what was taken over in merges. Throws likewise. */
export const openKeptPreferences = (
  keys: BusinessKeys,
  { customerId, preferences }: StoredPreferences,
): KeptPreferences => {
  if (preferences === undefined) return NOTHING_KEPT;
  const stored: unknown = JSON.parse(
    openField(keys, placeOf(customerId.toHexString()), bytesOf(preferences)),
  );
  return isFields(stored)
    ? { preferences: preferencesIn(stored), taken: takenIn(stored['taken']) }
    : NOTHING_KEPT;
};

const NOTHING_KEPT: KeptPreferences = { preferences: NO_PREFERENCES, taken: [] };
/** The preferences of a customer that was read. Throws likewise. */
export const preferencesOf = ({ link }: StoredCustomer, scope: BusinessScope): Promise<Preferences> =>
  readWithKeys(scope, (keys) => openPreferences(keys, link));

/** The field of the link with the preferences sealed with the current key; nothing when they are so already. Throws likewise. */
export const resealedPreferences = (
  keys: BusinessKeys,
  link: StoredPreferences,
): { preferences?: Buffer } => {
  if (link.preferences === undefined || !needsResealing(keys, bytesOf(link.preferences))) return {};
  const customerId = link.customerId.toHexString();
  return { preferences: sealPreferences(keys, customerId, openKeptPreferences(keys, link)) };
};

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const idsIn = (value: unknown): readonly string[] | null =>
  isList(value) ? value.filter((id) => typeof id === 'string') : null;

const invoicingIn = (value: unknown): Invoicing | null =>
  isFields(value)
    ? {
        name: textIn(value['name']),
        taxId: textIn(value['taxId']),
        address: textIn(value['address']),
        email: textIn(value['email']),
      }
    : null;

const takenIn = (value: unknown): readonly TakenPreferences[] =>
  (isList(value) ? value : []).filter(isFields).map(({ from, names }) => ({
    from: textIn(from) ?? '',
    names: PREFERENCE_NAMES.filter((name) => isList(names) && names.includes(name)),
  }));

const preferencesIn = (stored: Fields): Preferences => ({
  channel: CHANNELS.find((channel) => channel === stored['channel']) ?? null,
  language: textIn(stored['language']),
  services: idsIn(stored['services']),
  specialists: idsIn(stored['specialists']),
  invoicing: invoicingIn(stored['invoicing']),
});
