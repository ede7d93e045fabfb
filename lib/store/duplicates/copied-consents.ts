import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Consent } from '#lib/domain/rights/consents.ts';
import { copiedByMerge, takenBackByUnmerge } from '#lib/domain/rights/recorded-consents.ts';
import { copyOf, readConsents, withdrawalOf } from '#lib/store/consents/consent-entries.ts';
import type { ConsentsToAdd } from '#lib/store/customers/consent-standing.ts';
import type { StoredCustomer } from '#lib/store/customers/reader.ts';

type StoredPair = Readonly<{ survivor: StoredCustomer; loser: StoredCustomer }>;

/** The entries of a customer. One that granted and refused nothing, as most, costs no read. */
const entriesOf = async (
  { customer, link }: StoredCustomer,
  scope: BusinessScope,
): Promise<readonly Consent[]> => (link.granted === undefined ? [] : await readConsents(customer.id, scope));

/** The entries that a merge at this moment adds to the survivor: copies of what is in effect for the loser. */
export const consentsToCopy = async (
  { survivor, loser }: StoredPair,
  at: Date,
  scope: BusinessScope,
): Promise<ConsentsToAdd> => {
  const [consents, others] = await Promise.all([entriesOf(survivor, scope), entriesOf(loser, scope)]);
  const added = copiedByMerge(consents, others).map((consent) => copyOf(consent, loser.customer.id, at));
  return { consents, added };
};

/** The entries that undoing a merge adds to the survivor: they take the copied grants back. */
export const consentsToTakeBack = async (
  { survivor, loser }: StoredPair,
  at: Date,
  scope: BusinessScope,
): Promise<ConsentsToAdd> => {
  const consents = await entriesOf(survivor, scope);
  const copied = takenBackByUnmerge(consents, loser.customer.id);
  return { consents, added: copied.map((consent) => withdrawalOf(consent, at, scope)) };
};
