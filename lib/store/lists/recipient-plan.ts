import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { CUSTOMER_STATES, type CustomerState, isLive } from '#lib/domain/customers/customer-state.ts';
import { reachedStates, type Sending, type Whom } from '#lib/domain/messages/recipients.ts';
import { addressField, matterOf, needsGrant } from '#lib/domain/rights/consents.ts';
import {
  BUSINESS_CUSTOMER_INDEX,
  orderIndex,
  REACH_INDEX,
  VISIT_INDEX,
} from '#lib/store/collections/customer-link.ts';
import { countingIndex, type Filter, oneOf, segmentFilter, statesOf } from './segment-filter.ts';

/** Who gets what; relative days count back from `asOf`. */
export type Asked = Readonly<{ whom: Whom; sending: Sending; asOf: Date }>;

/** How recipients are counted and read. */
export type RecipientPlan = Readonly<{
  /** Everybody who was asked for. */
  asked: Filter;
  /** How many ids were asked for; null for a segment. */
  ids: number | null;
  /** Of everybody who was asked for, those who are live. */
  live: Filter;
  /** The customer's field with the address; null when addresses are kept elsewhere. */
  address: 'email' | 'phone' | null;
  /** Who gets it. The pages and the total have this very filter. */
  chosen: Filter;
  /** The index that a page walks, its last field, and the conditions that it has the fields for. */
  walk: Readonly<{ index: string; key: 'customerId' | 'visitKey' | 'createdKey'; within: Filter }>;
}>;

const LIVE = CUSTOMER_STATES.filter(isLive);

/** Works out how recipients are counted and read. */
export const planRecipients = ({ whom, sending, asOf }: Asked, scope: BusinessScope): RecipientPlan => {
  const asked = 'ids' in whom ? idFilter(whom.ids, scope) : segmentFilter(whom.definition, asOf, scope);
  const states = 'ids' in whom ? LIVE : statesOf(whom.definition);
  const address = addressField(sending.channel);
  const reached = states.filter((state) => reachedStates(sending).includes(state));
  const chosen = { ...asked, state: oneOf(reached), ...reach(asked, { sending, address }) };
  return {
    asked,
    ids: 'ids' in whom ? whom.ids.length : null,
    live: { ...asked, state: oneOf(states) },
    address,
    chosen,
    walk: walkOf(chosen, { isByIds: 'ids' in whom, states: reached }),
  };
};

const idFilter = (ids: readonly string[], { businessId }: BusinessScope): Filter => ({
  businessId: new Types.ObjectId(businessId),
  customerId: { $in: ids.map((id) => new Types.ObjectId(id)) },
});

/**
 * Who may be reached. A grant that is in effect has an address already. What rests on the contract needs an address, and no
 * refusal.
 */
const reach = (
  asked: Filter,
  { sending, address }: { sending: Sending; address: RecipientPlan['address'] },
): Filter => {
  const matter = matterOf(sending);
  if (!needsGrant(sending.purpose))
    return { refused: { $ne: matter }, ...(address !== null && withAddress(address)) };
  const { mayReach } = asked;
  const isAsked = mayReach !== undefined && mayReach !== matter;
  return { mayReach: matter, ...(isAsked && { $and: [{ mayReach }] }) };
};

const KEYS = { email: 'emailKeys', phone: 'phoneKeys' } as const;
const LENT = { email: 'lentEmail', phone: 'lentPhone' } as const;

/** The keys of a survivor may be those of customers that were merged into it only. */
const withAddress = (field: 'email' | 'phone'): Filter => ({
  [KEYS[field]]: { $exists: true },
  [LENT[field]]: { $ne: true },
});

/** The same customers, of whom no address is known. */
export const withoutAddress = (links: Filter, field: 'email' | 'phone'): Filter => ({
  ...links,
  $or: [{ [KEYS[field]]: { $exists: false } }, { [LENT[field]]: true }],
});

/** Each index begins with the business. What it has no fields for is tested on the links. */
const walkOf = (
  chosen: Filter,
  { isByIds, states }: Readonly<{ isByIds: boolean; states: readonly CustomerState[] }>,
): RecipientPlan['walk'] => {
  const { businessId, state, mayReach, customerId } = chosen;
  if (isByIds)
    return { index: BUSINESS_CUSTOMER_INDEX, key: 'customerId', within: { businessId, customerId } };
  if ('visitKey' in chosen) return { index: VISIT_INDEX, key: 'visitKey', within: { businessId } };
  if (mayReach !== undefined)
    return { index: REACH_INDEX, key: 'createdKey', within: { businessId, mayReach } };
  return states.length === 1
    ? { index: orderIndex('createdKey', 'state'), key: 'createdKey', within: { businessId, state } }
    : { index: orderIndex('createdKey'), key: 'createdKey', within: { businessId } };
};

/** The index on which these links are counted. */
export const indexForCount = (filter: Filter): string =>
  'customerId' in filter ? BUSINESS_CUSTOMER_INDEX : countingIndex(filter);
