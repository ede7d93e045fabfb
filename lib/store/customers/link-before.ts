import { Types } from 'mongoose';
import { stateOf } from '#lib/domain/customers/customer.ts';
import { toHead } from '#lib/store/histories/stored-head.ts';
import type { StoredCustomer } from './reader.ts';

/** The head of the history that was read, for the state and version that `unchangedLink` names. */
export const headBefore = ({ customer, link }: StoredCustomer, businessId: string) =>
  toHead({ businessId, customerId: customer.id, state: stateOf(customer), version: customer.version }, link);

/**
 * The filter of an update of a customer's link. It matches only the link as it was read, so no other change is lost. The
 * head also changes when the customer is re-encrypted.
 */
export const unchangedLink = ({ customer, link }: StoredCustomer, businessId: string) => ({
  businessId: new Types.ObjectId(businessId),
  customerId: link.customerId,
  version: customer.version,
  state: stateOf(customer),
  auditHead: link.auditHead,
  // The keyed fields that the update leaves out must still be made with these keys.
  ...(link.keyUse !== undefined && { keyUse: link.keyUse }),
});
