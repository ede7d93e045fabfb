import { notPermitted } from '#lib/domain/refusals.ts';
import { type Customer, stateOf } from './customer.ts';
import { isLive } from './customer-state.ts';

const isDeleted = (customer: Customer | null): boolean => customer !== null && !isLive(stateOf(customer));

const deletionsIn = (customer: Customer | null): readonly number[] =>
  (customer?.stateHistory ?? [])
    .filter(({ state }) => state === 'deleted')
    .map(({ setAt }) => setAt.getTime());

/**
 * Refuses a move into or out of `deleted` to a role that may not delete, whatever its route requires. A timeline with a deletion that the
 * customer did not have before is a move too: an offline client made it.
 * @param before null for a new customer
 * @throws Refusal `not-permitted`
 */
export const requireMayDelete = (
  { before, after }: Readonly<{ before: Customer | null; after: Customer }>,
  { mayDelete }: Readonly<{ mayDelete: boolean }>,
): void => {
  if (mayDelete) return;
  const known = deletionsIn(before);
  const isMoved = isDeleted(before) !== isDeleted(after);
  if (isMoved || deletionsIn(after).some((at) => !known.includes(at))) throw notPermitted('DELETE_CUSTOMER');
};
