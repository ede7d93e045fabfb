import { type Consent, inEffect, type Matter, matterOf, needsGrant, type Statement } from './consents.ts';

/** Where a person said it who followed the link in a message. */
const SOURCE = 'unsubscribe';

/**
 * What a person says who follows the link in a message: a refusal of its matter. It is as new as the newest grant, which may
 * be recorded with a time that is still to come: otherwise that grant would outweigh it.
 * @param said the entries of the customer, and of those that are refused for together with it
 * @param now by the database's clock
 */
export const withdrawalOf = (
  matter: Matter,
  said: readonly (readonly Consent[])[],
  now: Date,
): Statement => ({
  ...matter,
  granted: false,
  source: SOURCE,
  lawfulBasis: needsGrant(matter.purpose) ? 'consent' : 'contract',
  textVersion: null,
  proofRef: null,
  givenAt: new Date(Math.max(+now, ...said.map((consents) => +(grantIn(consents, matter)?.givenAt ?? now)))),
});

const grantIn = (consents: readonly Consent[], matter: Matter): Consent | undefined => {
  const current = currentOf(consents, matter);
  return current?.granted === true ? current : undefined;
};

const currentOf = (consents: readonly Consent[], matter: Matter): Consent | undefined =>
  inEffect(consents).find((consent) => matterOf(consent) === matterOf(matter));

/** Whether a matter is refused already, so that refusing it again would add nothing. */
export const isRefused = (consents: readonly Consent[], matter: Matter): boolean =>
  currentOf(consents, matter)?.granted === false;
