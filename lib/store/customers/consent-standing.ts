import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Customer, stateOf } from '#lib/domain/customers/customer.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { addressField, type Consent, inEffect, mattersIn, standingOf } from '#lib/domain/rights/consents.ts';
import { foldEmail } from '#lib/domain/spelling/folding.ts';
import { foldPhone } from '#lib/domain/spelling/phone-forms.ts';
import { readConsents } from '#lib/store/consents/consent-entries.ts';
import { readKeptRefusals } from '#lib/store/consents/kept-refusals.ts';
import {
  type Affected,
  type LinkStanding,
  linkStanding,
  mattersOf,
  stageStanding,
} from '#lib/store/consents/standing.ts';
import { stageReachOfOthers, type Unshared } from './reach-of-others.ts';
import type { StoredCustomer } from './reader.ts';

/** The entries of a customer before a change, and those that the change adds to them. */
export type ConsentsToAdd = Readonly<{ consents: readonly Consent[]; added: readonly Consent[] }>;

type Change = Readonly<{ stored: StoredCustomer; after: Customer; consents?: ConsentsToAdd | undefined }>;

const folded = (fold: (value: string) => string, value: string | null): string | null =>
  value === null ? null : fold(value);

const isChanged = (field: 'email' | 'phone' | null, before: Customer, after: Customer): boolean => {
  if (field === null) return false;
  const fold = field === 'email' ? foldEmail : foldPhone;
  return before[field] !== after[field] && folded(fold, before[field]) !== folded(fold, after[field]);
};

/**
 * Stages what a change of a customer means for its consents: the entries that it adds, and the refusals that are kept for a
 * new address. For a customer that comes back from deleted, it works out again how it may be reached: somebody else may have had
 * its address meanwhile, and refused. A customer that granted and refused nothing, or that is live and keeps its addresses, costs no read.
 * @returns the fields of the link that say what is in effect; none when nothing changes
 */
export const standingAfter = async (
  { stored: { customer: before, link }, after, consents: more }: Change,
  scope: BusinessScope,
): Promise<Partial<LinkStanding>> => {
  const said = mattersIn([...(link.granted ?? []), ...(link.refused ?? [])]);
  const isMoved = said.some(({ channel }) => isChanged(addressField(channel), before, after));
  const added = more?.added ?? [];
  const isSettled = !isMoved && added.length === 0;
  if (isSettled && (said.length === 0 || !isBack(before, after))) return {};
  const [consents, suppressions] = await Promise.all([
    more?.consents ?? readConsents(after.id, scope),
    readKeptRefusals(mattersOf([...said, ...added]), after, scope),
  ]);
  return isSettled
    ? linkStanding(standingOf(inEffect(consents), after, suppressions))
    : await stageConsentChange(
        { customerId: after.id, addresses: after, consents, added, suppressions },
        scope,
      );
};

/**
 * Stages the new entries of a customer, and what they mean for others with the same address.
 * @returns what the customer's link says from then on
 */
export const stageConsentChange = async (
  affected: Affected,
  scope: BusinessScope,
  unshared?: Unshared,
): Promise<LinkStanding> => {
  const { standing, kept } = await stageStanding(affected, scope);
  const { customerId, addresses } = affected;
  await stageReachOfOthers({ customerId, addresses, kept, unshared }, scope);
  return standing;
};

const isBack = (before: Customer, after: Customer): boolean =>
  !isLive(stateOf(before)) && isLive(stateOf(after));
