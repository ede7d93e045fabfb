import { Types } from 'mongoose';
import type { Scope } from '#lib/domain/actor.ts';

/** The customers that links led this attempt to: what a request has read dies with its scope. */
const provenBy = new WeakMap<Scope, Set<string>>();

/** Remembers the customers of links as the database answered them. */
export const proveCustomers = (scope: Scope, links: readonly unknown[]): void => {
  const proven = provenBy.get(scope) ?? new Set<string>();
  for (const link of links) {
    if (typeof link !== 'object' || link === null || !('customerId' in link)) continue;
    if (link.customerId instanceof Types.ObjectId) proven.add(link.customerId.toHexString());
  }
  provenBy.set(scope, proven);
};

/** Whether a link that this very attempt has read leads to the customer. */
export const isProven = (scope: Scope, customerId: unknown): boolean =>
  customerId instanceof Types.ObjectId && (provenBy.get(scope)?.has(customerId.toHexString()) ?? false);
