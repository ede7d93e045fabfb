import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Customer, stateOf } from '#lib/domain/customers/customer.ts';
import { inEffect, standingOf, type Statement, type Suppressions } from '#lib/domain/rights/consents.ts';
import { fieldsOf, inEffectFor } from '#lib/domain/rights/recorded-consents.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { entryOf } from '#lib/store/consents/consent-entries.ts';
import { type LinkStanding, linkStanding } from '#lib/store/consents/standing.ts';
import { type LinkHead, recordEntry } from '#lib/store/histories/record-entry.ts';
import { toHead } from '#lib/store/histories/stored-head.ts';
import { announce } from '#lib/store/messages/outbox.ts';
import { stageConsentChange } from './consent-standing.ts';
import type { Unshared } from './reach-of-others.ts';

/** What a new customer said, and the refusals that are kept for its addresses. */
export type FirstConsents = Readonly<{
  statements: readonly Statement[];
  suppressions: Suppressions;
  /** The same after everybody else whom the same transaction adds has spoken. */
  keptAtEnd: Suppressions;
}>;

type New = Readonly<{ head: LinkHead; keys: BusinessKeys; unshared: Unshared }>;

/**
 * Stages the first consents of a customer that the same request creates, with the second entry of its history and an event.
 * @returns what its link says: the head of the history, and what is in effect
 */
export const addConsents = async (
  customer: Customer,
  { statements, suppressions, keptAtEnd, head, keys, unshared }: FirstConsents & New,
  scope: BusinessScope,
): Promise<LinkHead & LinkStanding> => {
  const { id: customerId, createdAt: at, version } = customer;
  const added = statements.map((statement) => entryOf(statement, at, scope));
  const said = { customerId, addresses: customer, consents: [], added, suppressions };
  await stageConsentChange(said, scope, unshared);
  const standing = linkStanding(standingOf(inEffect(added), customer, keptAtEnd));
  const after = { state: stateOf(customer), version };
  const before = toHead({ businessId: scope.businessId, customerId, ...after }, head);
  const fields = fieldsOf(added);
  const newEntry = { customerId, action: 'record-consents', at, fields };
  const extended = recordEntry({ newEntry, after }, before, { scope, by: scope, keys });
  const about = { changes: [...inEffectFor(added, [])] };
  announce({ type: 'consent-changed', customer, seq: extended.auditSeq, at, fields, about }, scope);
  return { ...extended, ...standing };
};
