import { Types } from 'mongoose';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { type Customer, stateOf } from '#lib/domain/customers/customer.ts';
import { type BusinessSettings, uniquenessHeld } from '#lib/domain/business/business-settings.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { inNoOrder } from '#lib/privacy/keyed-hash.ts';
import type { Absorbed, CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { keyedFieldsOf } from './link.ts';

/** By what the customers that were merged into a survivor are found: one part for each of them. */
export type AbsorbedParts = readonly Absorbed[];

type Keyed = Pick<CustomerLinkDocument, 'searchTokens' | 'emailKeys' | 'phoneKeys'>;
type Mirror = Partial<Keyed & Pick<CustomerLinkDocument, 'holdsEmail' | 'holdsPhone'>>;

/** A customer whose link takes over or gives back what another one is found by. */
type Side = Readonly<{ customer: Customer; link: { absorbed?: AbsorbedParts }; keys: BusinessKeys }>;

/** The parts of a link, as they were read. */
export const readAbsorbed = (stored: AbsorbedParts): AbsorbedParts =>
  stored.map(({ loserId, emailKeys, phoneKeys, searchTokens }) => ({
    loserId,
    emailKeys: emailKeys.map(bytesOf),
    phoneKeys: phoneKeys.map(bytesOf),
    searchTokens: searchTokens.map(bytesOf),
  }));

/** What a customer is found by, as a part of its survivor's link. */
export const partOf = (loser: Customer, keys: BusinessKeys): Absorbed => {
  const { searchTokens, emailKeys = [], phoneKeys = [] } = keyedFieldsOf(loser, keys);
  return { loserId: new Types.ObjectId(loser.id), emailKeys, phoneKeys, searchTokens };
};

/** The parts of a link before and after a change. The same list when the change does not affect them. */
export type Parts = Readonly<{ before: AbsorbedParts; after: AbsorbedParts }>;

/** The parts of a customer's link when it absorbs the loser of a merge, or releases that of one that is undone. */
export const partsAfter = (
  survivor: Side,
  { absorbs, releases }: Readonly<{ absorbs?: Side; releases?: Side }>,
): Parts => {
  const before = survivor.link.absorbed ?? [];
  if (absorbs !== undefined) return { before, after: absorbing(survivor, absorbs) };
  return { before, after: releases === undefined ? before : releasing(survivor, releases) };
};

/** Also the loser's own, and those that the loser had taken over before. */
const absorbing = (survivor: Side, loser: Side): AbsorbedParts => [
  ...(survivor.link.absorbed ?? []),
  partOf(loser.customer, survivor.keys),
  ...(loser.link.absorbed ?? []),
];

/** Without the loser's own, and without those that the loser had brought. */
const releasing = (survivor: Side, loser: Side): AbsorbedParts => {
  const released = [loser.customer.id, ...(loser.link.absorbed ?? []).map(({ loserId }) => String(loserId))];
  return (survivor.link.absorbed ?? []).filter(({ loserId }) => !released.includes(loserId.toHexString()));
};

/** Whether any of the parts has keys of this kind. */
export const hasKeys = (parts: AbsorbedParts, name: 'emailKeys' | 'phoneKeys'): boolean =>
  parts.some(({ [name]: keys }) => keys.length > 0);

/** The keyed fields of a survivor's link: its own and those of the parts. */
export const united = (own: Keyed, parts: AbsorbedParts): Keyed => {
  const all = (name: keyof Keyed): Buffer[] =>
    inNoOrder([...(own[name] ?? []), ...parts.flatMap(({ [name]: values }) => values)]);
  const [emailKeys, phoneKeys] = [all('emailKeys'), all('phoneKeys')];
  return {
    searchTokens: all('searchTokens'),
    ...(emailKeys.length > 0 && { emailKeys }),
    ...(phoneKeys.length > 0 && { phoneKeys }),
  };
};

/** A change of a customer, its parts before and after it, and what the result is made with. */
type Change = Readonly<{
  before: Customer;
  after: Customer;
  parts: Parts;
  settings: BusinessSettings;
  keys: BusinessKeys;
}>;

/**
 * The same fields of a link, together with what it has absorbed.
 * @param own the fields that the change sets, made of the customer's own values only
 */
export const withAbsorbed = <M extends Mirror>(own: M, change: Change): M & Mirror => {
  const { before, after, parts, settings, keys } = change;
  if (parts.before.length === 0 && parts.after.length === 0) return own;
  const isKeyed = own.searchTokens !== undefined || parts.before !== parts.after;
  const holdsAfter = (field: 'email' | 'phone', rule: BusinessSettings['uniqueEmail']): boolean =>
    isLive(stateOf(after)) && uniquenessHeld(rule) && has(field, after, parts.after);
  const changes = (field: 'email' | 'phone'): boolean =>
    has(field, before, parts.before) !== has(field, after, parts.after);
  return {
    ...own,
    ...(isKeyed && united(keyedFieldsOf(after, keys), parts.after)),
    ...((own.holdsEmail !== undefined || changes('email')) && {
      holdsEmail: holdsAfter('email', settings.uniqueEmail),
    }),
    ...((own.holdsPhone !== undefined || changes('phone')) && {
      holdsPhone: holdsAfter('phone', settings.uniquePhone),
    }),
  };
};

const has = (field: 'email' | 'phone', customer: Customer, parts: AbsorbedParts): boolean =>
  customer[field] !== null || hasKeys(parts, `${field}Keys`);
