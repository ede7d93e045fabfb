import { type Customer, stateOf } from '#lib/domain/customer.ts';
import { isLive } from '#lib/domain/customer-state.ts';
import { foldEmail, foldName, foldPhone } from '#lib/domain/folding.ts';
import { type BusinessSettings, uniquenessHeld } from '#lib/domain/settings.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { keyUseOf } from '#lib/privacy/key-use.ts';
import { matchKeys } from '#lib/privacy/match-keys.ts';
import { customerTokens } from '#lib/privacy/search-tokens.ts';
import type { CustomerLinkDocument } from './models/customer-link.ts';

const MILLISECONDS_DIGITS = 13;

/** The unique string by which a list in order of time is walked: milliseconds, then the id. */
export const timeKey = (at: Date, id: string): string =>
  `${String(at.getTime()).padStart(MILLISECONDS_DIGITS, '0')}${id}`;

/** What a `timeKey` was made of. */
export const readTimeKey = (key: string): { at: Date; id: string } => ({
  at: new Date(Number(key.slice(0, MILLISECONDS_DIGITS))),
  id: key.slice(MILLISECONDS_DIGITS),
});

const textKey = (words: readonly (string | null)[], id: string): string =>
  `${foldName(words.filter((word) => word !== null).join(' '))}\u0000${id}`;

/** What the link has of a customer in place of values that it must not show: made with the keys of its business. */
export const keyedFieldsOf = (customer: Customer, keys: BusinessKeys) => {
  const { email, phone } = customer;
  return {
    searchTokens: customerTokens(keys, customer),
    // Nobody looks for the duplicates of who is deleted, nor finds them.
    matchKeys: isLive(stateOf(customer)) ? matchKeys(keys, customer) : [],
    ...(email !== null && { emailKeys: emailKeys(keys, email) }),
    ...(phone !== null && { phoneKeys: phoneKeys(keys, phone) }),
  } satisfies Partial<CustomerLinkDocument>;
};

type Context = Readonly<{ keys: BusinessKeys; settings: BusinessSettings }>;

/** What the link repeats of a customer so that lists, look-ups and uniqueness need no other document. */
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
 * The mirror after a change, with the claim on email and phone only where the change decides about it. While a uniqueness
 * is pending, twins wait to be told apart; until then they may still be noted on, spelled anew, suspended and deleted.
 * The keyed fields stay out where nothing that they are made of has changed and the stored ones are what these keys make.
 * @param keyUse the link's, as it was read
 */
export const mirrorAfter = (
  { before, after }: { before: Customer; after: Customer },
  { keys, settings, keyUse }: Context & { keyUse: string },
) => {
  const { holdsEmail, holdsPhone, ...clear } = clearFieldsOf(after, settings);
  const isOtherLife = isLive(stateOf(before)) !== isLive(stateOf(after));
  const stays = !isOtherLife && KEYED_DETAILS.every((name) => before[name] === after[name]);
  return {
    ...clear,
    ...((isOtherLife || isOther(foldEmail, before.email, after.email)) && { holdsEmail }),
    ...((isOtherLife || isOther(foldPhone, before.phone, after.phone)) && { holdsPhone }),
    ...((!stays || keyUse !== keyUseOf(keys)) && keyedFieldsOf(after, keys)),
  } satisfies Partial<CustomerLinkDocument>;
};

const isOther = (fold: (value: string) => string, before: string | null, after: string | null): boolean =>
  before === null || after === null ? before !== after : fold(before) !== fold(after);
