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

/** The refusals of an address that are kept from now on, by matter; null for one that is kept no longer. */
export type KeptChanges = ReadonlyMap<string, Date | null>;

/**
 * Stages the new entries, and keeps each refusal in effect for the present address. A new grant that is newer than a kept
 * refusal lifts it; a copied one does not, because the person did not say it about this address.
 * @returns what the customer's link says from then on, and what has changed for everybody with the same address
 */
export const stageStanding = async (
  { customerId, addresses, consents, added, suppressions }: Affected,
  scope: BusinessScope,
): Promise<Readonly<{ standing: LinkStanding; kept: KeptChanges }>> => {
  stageConsents(customerId, added, scope);
  const current = inEffect([...consents, ...added]);
  const before = { addresses, suppressions };
  const kept = new Map<string, Date | null>();
  const isNew = ({ id, copiedFrom }: Consent): boolean =>
    copiedFrom === null && added.some((entry) => entry.id === id);
  for (const consent of current) {
    const { granted, givenAt } = consent;
    if (!granted && (await keepRefusal(consent, before, scope))) kept.set(matterOf(consent), givenAt);
    if (granted && isNew(consent) && (await liftRefusal(consent, before, scope)))
      kept.set(matterOf(consent), null);
  }
  return { standing: linkStanding(standingOf(current, addresses, suppressions)), kept };
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
