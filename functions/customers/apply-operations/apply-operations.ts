import type { UseCase } from '#lib/contract/route.ts';
import { changeCustomer } from '../change-customer/change-customer.ts';
import { createCustomer } from '../create-customer/create-customer.ts';
import { deleteCustomer } from '../delete-customer/delete-customer.ts';
import type { operations } from './contract.ts';

type Operations = typeof operations;
type Needs = Parameters<typeof createCustomer>[0];

/** Runs each operation of a bulk with the steps of its own route. The only use case that may import others. */
export const applyOperations = (needs: Needs): { [N in keyof Operations]: UseCase<Operations[N]> } => {
  const [create, change, remove] = [createCustomer(needs), changeCustomer(needs), deleteCustomer(needs)];
  return {
    create,
    change,
    // The route reads the id from its path and has no body.
    delete: ({ params, query }, scope) => remove({ params, query, body: undefined }, scope),
  };
};
