import type { BusinessScope } from '#lib/domain/access/scope.ts';
import {
  type Addresses,
  type Consent,
  inEffect,
  type Matter,
  matterOf,
  type Standing,
  standingOf,
  type Suppressions,
} from '#lib/domain/rights/consents.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { stageConsents } from './consent-entries.ts';
import { keepRefusal, liftRefusal } from './kept-refusals.ts';

/** The fields of a link that say what is in effect. */
export type LinkStanding = Required<Pick<CustomerLinkDocument, 'granted' | 'refused' | 'mayReach'>>;

/** A customer after a change of its consents or its addresses. */
export type Affected = Readonly<{
  customerId: string;
  /** After the change. */
  addresses: Addresses;
  /** The entries before the change. */
  consents: readonly Consent[];
  /** The entries that the change adds. */
  added: readonly Consent[];
  /** What is kept for the addresses after the change. */
  suppressions: Suppressions;
}>;

/**
 * Stages the new entries, and keeps each refusal in effect for the present address. A new grant that is newer than a kept
 * refusal lifts it; a copied one does not, because the person did not say it about this address.
 * @returns what the customer's link says from then on
 */
export const stageStanding = async (
  { customerId, addresses, consents, added, suppressions }: Affected,
  scope: BusinessScope,
): Promise<LinkStanding> => {
  stageConsents(customerId, added, scope);
  const current = inEffect([...consents, ...added]);
  const kept = { addresses, suppressions };
  const isNew = ({ id, copiedFrom }: Consent): boolean =>
    copiedFrom === null && added.some((entry) => entry.id === id);
  for (const consent of current)
    if (!consent.granted) await keepRefusal(consent, kept, scope);
    else if (isNew(consent)) await liftRefusal(consent, kept, scope);
  return linkStanding(standingOf(current, addresses, suppressions));
};

/** What is in effect, as a link has it. */
export const linkStanding = ({ granted, refused, mayReach }: Standing): LinkStanding => ({
  granted: [...granted],
  refused: [...refused],
  mayReach: [...mayReach],
});

/** The matters of entries, each once. */
export const mattersOf = (matters: readonly Matter[]): readonly Matter[] => [
  ...new Map(
    matters.map(({ purpose, channel }) => [matterOf({ purpose, channel }), { purpose, channel }]),
  ).values(),
];
