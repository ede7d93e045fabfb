import { Types } from 'mongoose';
import type { Scope } from '#lib/domain/access/scope.ts';

/** The customers whose links each scope has read. Another attempt has another scope, and starts with none. */
const provenBy = new WeakMap<Scope, Set<string>>();

/** Notes the customers of links that the database has returned. */
export const noteLinkedCustomers = (scope: Scope, links: readonly unknown[]): void => {
  const proven = provenBy.get(scope) ?? new Set<string>();
  for (const link of links) {
    if (typeof link !== 'object' || link === null || !('customerId' in link)) continue;
    if (link.customerId instanceof Types.ObjectId) proven.add(link.customerId.toHexString());
  }
  provenBy.set(scope, proven);
};

/** Whether this attempt has read a link of the customer. */
export const isLinked = (scope: Scope, customerId: unknown): boolean =>
  customerId instanceof Types.ObjectId && (provenBy.get(scope)?.has(customerId.toHexString()) ?? false);
