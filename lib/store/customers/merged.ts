import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import { changeCustomer as changed, type Customer } from '#lib/domain/customers/customer.ts';
import type { DetailChanges } from '#lib/domain/customers/customer-details.ts';
import { changesForSurvivor } from '#lib/domain/duplicates/merge.ts';
import { customerNotFound, mergedIntoAnother } from '#lib/domain/refusals.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { changeCustomer } from './change-customer.ts';
import { timeKey } from './link.ts';
import { findCustomer, MOST_MERGES, type StoredCustomer } from './reader.ts';

/**
 * The customer into which a merged one was merged, at the end of the chain of merges; null when it was purged. Each merge
 * costs one round trip.
 */
const survivorOf = async (merged: StoredCustomer, scope: BusinessScope): Promise<StoredCustomer | null> => {
  let found: StoredCustomer | null = merged;
  for (let merges = 0; found?.link.mergedInto !== undefined && merges < MOST_MERGES; merges += 1)
    found = await findCustomer(found.link.mergedInto.toHexString(), scope);
  return found;
};

/**
 * A customer and those that it was merged into, one after the other. None for an unknown id, and for the id of another
 * business's customer. Each merge costs one round trip.
 */
export const findChain = async (id: string, scope: BusinessScope): Promise<readonly StoredCustomer[]> => {
  const chain: StoredCustomer[] = [];
  for (let next: string | undefined = id; next !== undefined && chain.length <= MOST_MERGES;) {
    const found: StoredCustomer | null = await findCustomer(next, scope);
    if (found !== null) chain.push(found);
    next = found?.link.mergedInto?.toHexString();
  }
  return chain;
};

/**
 * A customer with everything that a change of it needs or, if it was merged into another one, that customer. Null for an
 * unknown id, for the id of another business's customer, and when the survivor was purged.
 */
export const findForChange = async (id: string, scope: BusinessScope): Promise<StoredCustomer | null> => {
  const stored = await findCustomer(id, scope);
  return stored === null ? null : await survivorOf(stored, scope);
};

/**
 * Refuses a change of a merged customer, and names the survivor. Any other customer may be changed.
 * @throws Refusal `merged-into`, or `customer-not-found` when the survivor was purged
 */
export const refuseMerged = async (stored: StoredCustomer, scope: BusinessScope): Promise<void> => {
  if (!stored.isMerged) return;
  const survivor = await survivorOf(stored, scope);
  throw survivor === null ? customerNotFound() : mergedIntoAnother(survivor.customer.id);
};

/** The fields that were sent for a merged customer, and what the change says. */
type ChangeOfMerged = Readonly<{
  fields: DetailChanges;
  settings: BusinessSettings;
  at: Date;
  /** The use case, for the survivor's history. */
  action: string;
}>;

/**
 * Stages a change that was meant for a merged customer: sets on the survivor what differs from the merged customer's own
 * record, and moves the time of its last update. An offline copy that still has it then learns that it is deleted.
 * @returns the survivor afterwards; null when it was purged, and then nothing is staged
 * @throws Refusal as a change of the survivor does
 */
export const changeSurvivor = async (
  merged: StoredCustomer,
  { fields, settings, at, action }: ChangeOfMerged,
  scope: BusinessScope,
): Promise<Customer | null> => {
  const stored = await survivorOf(merged, scope);
  if (stored === null) return null;
  const changes = changesForSurvivor(merged.customer, fields, settings);
  const after = changed(stored.customer, changes, { at, settings });
  await changeCustomer({ stored, after }, { settings, action }, scope);
  touch(merged, at, scope);
  return after;
};

/** Moves the time of the last update only. The filter names the merge, so an unmerge in between is a conflict. */
const touch = ({ customer, link }: StoredCustomer, at: Date, scope: BusinessScope): void => {
  stage(scope, {
    update: 'customer_link',
    filter: {
      businessId: new Types.ObjectId(scope.businessId),
      customerId: link.customerId,
      version: customer.version,
      ...(link.mergedInto !== undefined && { mergedInto: link.mergedInto }),
    },
    change: { $set: { updatedAt: at, updatedKey: timeKey(at, customer.id) } },
  });
  stage(scope, {
    update: 'customer',
    filter: { _id: link.customerId, __v: customer.version },
    change: { $set: { updatedAt: at } },
  });
};
