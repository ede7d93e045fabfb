import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import type { RecipientCounts, Sending, Whom } from '#lib/domain/messages/recipients.ts';
import { addressField } from '#lib/domain/rights/consents.ts';
import { unsubscribeToken } from '#lib/privacy/unsubscribe-token.ts';
import { count } from '#lib/runtime/metrics.ts';
import { openLinked } from '#lib/store/customers/reader.ts';
import { openPreferences } from '#lib/store/customers/sealed-preferences.ts';
import { keysOf, readWithKeys } from '#lib/store/keys/request-keys.ts';
import { countRecipients } from './recipient-counts.ts';
import { openStart, sealStart } from './recipient-cursor.ts';
import { MOST_WALKED, type Slice, walkLinks } from './recipient-links.ts';
import { planRecipients, type RecipientPlan } from './recipient-plan.ts';
import { firstWithAddress } from './same-addresses.ts';

/** Who is asked for, and which page of them. */
export type RecipientQuery = Readonly<{
  whom: Whom;
  sending: Sending;
  pageSize: number;
  cursor: string | null;
  /** Whether they are counted only. */
  isCountOnly: boolean;
  now: Date;
}>;

/** One of those to whom a message goes. */
export type Recipient = Readonly<{
  customer: Customer;
  /** Null for a channel whose addresses are kept elsewhere, and for who has the address of an earlier one. */
  address: string | null;
  /** The language in which the customer wants to be served; null when it is not known. */
  language: string | null;
  /** The id of the earlier one. */
  sameAddressAs: string | null;
  /** The token of a link with which this customer unsubscribes. Of emails only; null without a pepper. */
  unsubscribe: string | null;
}>;

export type RecipientPage = RecipientCounts &
  Readonly<{ recipients: readonly Recipient[]; asOf: Date; nextCursor: string | null }>;

/**
 * Reads a page of recipients. The first one also counts the whole list; a cursor has its counts, and the time from which relative
 * days count back.
 * @throws Refusal `invalid-request` for a cursor that is not of this list
 */
export const readRecipients = async (
  query: RecipientQuery,
  scope: BusinessScope,
  mostWalked = MOST_WALKED,
): Promise<RecipientPage> => {
  const { sending, pageSize, cursor, isCountOnly } = query;
  const start = cursor === null ? null : await openStart(cursor, query, scope);
  const asOf = start?.asOf ?? query.now;
  const plan = planRecipients({ ...query, asOf }, scope);
  const slice = { after: start?.after ?? null, pageSize, mostWalked };
  const [counts, { recipients, after }] = await Promise.all([
    start?.counts ?? countRecipients(plan, scope),
    isCountOnly ? NOBODY : readPage({ plan, sending, slice }, scope),
  ]);
  const nextCursor = after === null ? null : await sealStart({ asOf, counts, after }, query, scope);
  return { ...counts, recipients, asOf, nextCursor };
};

const NOBODY = { recipients: [], after: null };

const readPage = async (
  { plan, sending, slice }: Readonly<{ plan: RecipientPlan; sending: Sending; slice: Slice }>,
  scope: BusinessScope,
) => {
  const { links, after } = await walkLinks(plan, slice, scope);
  const customers = await openLinked(links, scope);
  const languages = await readWithKeys(scope, (keys) =>
    links.map((link) => openPreferences(keys, link).language),
  );
  const first = await firstWithAddress(customers, plan, scope);
  const keys = await keysOf(scope);
  const field = addressField(sending.channel);
  const recipients = customers.map((customer, index): Recipient => {
    const sameAddressAs = first.get(customer.id) ?? null;
    return {
      customer,
      language: languages[index] ?? null,
      sameAddressAs,
      address: field === null || sameAddressAs !== null ? null : customer[field],
      unsubscribe:
        sending.channel === 'email' ? unsubscribeToken(keys, { customerId: customer.id, ...sending }) : null,
    };
  });
  if (sending.channel === 'email' && keys.peppered('unsubscribe') === null) count('PepperMissing');
  return { recipients, after };
};
