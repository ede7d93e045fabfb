import { isErased } from '#lib/store/retention/erasure-records.ts';
import { addCustomer, newId, wasCreatedFrom } from './add-customer.ts';
import { changeCustomer } from './change-customer.ts';
import { changeSurvivor, refuseMerged } from './merged.ts';
import { findCustomer, requireKnown } from './reader.ts';

/**
 * What use cases that write customers may do with those of the caller's business. Writes are staged; nothing is saved
 * before the request commits.
 */
export const customers = {
  find: findCustomer,
  requireKnown,
  isErased,
  newId,
  add: addCustomer,
  wasCreatedFrom,
  change: changeCustomer,
  changeSurvivor,
  refuseMerged,
};
export type Customers = typeof customers;
