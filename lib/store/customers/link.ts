import { type Customer, stateOf } from '#lib/domain/customers/customer.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { readSortable, sortableTime } from '#lib/domain/sortable-time.ts';
import { foldEmail, foldName } from '#lib/domain/spelling/folding.ts';
import { foldPhone } from '#lib/domain/spelling/phone-forms.ts';
import { type BusinessSettings, uniquenessHeld } from '#lib/domain/business/business-settings.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { keyUseOf } from '#lib/privacy/key-use.ts';
import { inNoOrder } from '#lib/privacy/keyed-hash.ts';
import { matchKeys } from '#lib/privacy/match-keys.ts';
import { customerTokens } from '#lib/privacy/search-tokens.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';

/** The unique sort key of a time: its milliseconds in 13 digits, then the customer's id. */
export const timeKey = (at: Date, id: string): string => `${sortableTime(at)}${id}`;

/** Splits a `timeKey` into its time and its id. */
export const readTimeKey = (key: string): { at: Date; id: string } => {
  const { at, rest: id } = readSortable(key);
  return { at, id };
};

const textKey = (words: readonly (string | null)[], id: string): string =>
  `${foldName(words.filter((word) => word !== null).join(' '))}\u0000${id}`;

/** The link's blind indexes, search tokens and match keys of a customer, made with the keys of its business. */
export const keyedFieldsOf = (customer: Customer, keys: BusinessKeys) => {
  const { email, phone } = customer;
  return {
    searchTokens: customerTokens(keys, customer),
    // Deleted customers are left out when duplicates are searched.
    matchKeys: isLive(stateOf(customer)) ? matchKeys(keys, customer) : [],
    ...(email !== null && { emailKeys: inNoOrder(emailKeys(keys, email)) }),
    ...(phone !== null && { phoneKeys: inNoOrder(phoneKeys(keys, phone)) }),
  } satisfies Partial<CustomerLinkDocument>;
};

type Context = Readonly<{ keys: BusinessKeys; settings: BusinessSettings }>;

/** The fields of a customer that its link repeats. Lists, look-ups and uniqueness need only them. */
export const mirrorOf = (customer: Customer, { keys, settings }: Context) => ({
  ...clearFieldsOf(customer, settings),
  ...keyedFieldsOf(customer, keys),
});

const clearFieldsOf = (customer: Customer, settings: BusinessSettings) => {
  const { id, firstName, lastName, email, phone } = customer;
  const live = isLive(stateOf(customer));
  return {
    state: stateOf(customer),
    version: customer.version,
    customerType: customer.customerType,
    createdAt: customer.createdAt,
    updatedAt: customer.updatedAt,
    holdsEmail: live && email !== null && uniquenessHeld(settings.uniqueEmail),
    holdsPhone: live && phone !== null && uniquenessHeld(settings.uniquePhone),
    createdKey: timeKey(customer.createdAt, id),
    updatedKey: timeKey(customer.updatedAt, id),
    nameKey: textKey([lastName, firstName], id),
    firstKey: textKey([firstName, lastName], id),
  } satisfies Partial<CustomerLinkDocument>;
};

const KEYED_DETAILS = ['firstName', 'lastName', 'email', 'phone'] as const;

/**
 * The fields of the link that a change sets. `holdsEmail` and `holdsPhone` are left out unless the change affects them: two
 * customers with one value may still be changed in other ways while a uniqueness rule is pending. The keyed fields are left
 * out when nothing that they are made of has changed and these keys would make the same ones.
 * @param keyUse the link's, as it was read
 */
export const mirrorAfter = (
  { before, after }: { before: Customer; after: Customer },
  { keys, settings, keyUse }: Context & { keyUse: string },
) => {
  const { holdsEmail, holdsPhone, ...clear } = clearFieldsOf(after, settings);
  const livenessChanges = isLive(stateOf(before)) !== isLive(stateOf(after));
  const keepsKeyed = !livenessChanges && KEYED_DETAILS.every((name) => before[name] === after[name]);
  return {
    ...clear,
    ...((livenessChanges || differs(foldEmail, before.email, after.email)) && { holdsEmail }),
    ...((livenessChanges || differs(foldPhone, before.phone, after.phone)) && { holdsPhone }),
    ...((!keepsKeyed || keyUse !== keyUseOf(keys)) && keyedFieldsOf(after, keys)),
  } satisfies Partial<CustomerLinkDocument>;
};

const differs = (fold: (value: string) => string, before: string | null, after: string | null): boolean =>
  before === null || after === null ? before !== after : fold(before) !== fold(after);
