import { contracts } from '#functions/contracts.ts';
import type { Route } from '#lib/contract/route.ts';
import { added, type Business } from './a-business.ts';
import { aCustomer } from './a-customer.ts';
import type { Call } from './service.ts';

/** Every route that asks who is calling: all of them but the contract's own document. */
export const routes: readonly Route[] = contracts.filter(
  (contract): contract is Route => contract.kind === 'route' && contract.permission !== undefined,
);
export const routeNames: readonly string[] = routes.map(({ name }) => name);

/** Whom nobody has. `arranged` gives a merge somebody who is there. */
const NOBODY = 'f'.repeat(24);

/** What each route is asked when nothing is to be wrong with it; `id` is a customer that is there. */
const REQUESTS: Readonly<Record<string, (id: string) => Call>> = {
  'apply-operations': (id) => ({ body: { operations: [{ change: { _id: id, note: 'changed in bulk' } }] } }),
  'change-customer': (id) => ({ id, body: { note: 'changed' } }),
  'change-settings': () => ({ body: { retentionDays: 30 } }),
  'create-customer': () => ({ body: aCustomer() }),
  'delete-customer': (id) => ({ id }),
  'find-customers': () => ({ query: { phrase: 'anna' } }),
  'find-duplicates': () => ({}),
  'get-customer': (id) => ({ id }),
  'get-customer-history': (id) => ({ id }),
  'get-customer-statistics': () => ({ query: { from: '2026-01-01', to: '2026-01-31' } }),
  'get-settings': () => ({}),
  'look-up-customer': () => ({ query: { email: 'nobody@b.example' } }),
  'merge-customer': (id) => ({ id, body: { loserId: NOBODY } }),
  'patch-customer': (id) => ({ id, body: { note: 'patched' }, headers: { 'if-match': '*' } }),
  'restore-customer': (id) => ({ id }),
  'set-customer-state': (id) => ({ id, body: { state: 'archived' }, headers: { 'if-match': '*' } }),
  'unmerge-customer': (id) => ({ id, body: { loserId: NOBODY } }),
};

/** A request of this route that nothing is wrong with. A new route has to say here what that is. */
export const goodRequest = (name: string, id: string): Call => {
  const request = REQUESTS[name];
  if (request === undefined) throw new Error(`test/support/routes.ts does not know how to ask ${name}.`);
  return request(id);
};

/** Likewise, with whoever else has to be there: a merge is of two. */
export const arranged = async (name: string, business: Business, id: string, other = {}): Promise<Call> => {
  if (!isOfTwo(name)) return goodRequest(name, id);
  const { _id: loserId } = await added(business, other);
  if (name === 'unmerge-customer') await business.merge(id, { loserId });
  return { id, body: { loserId } };
};

/** Whether a route changes two customers at once. */
export const isOfTwo = (name: string): boolean => ['merge-customer', 'unmerge-customer'].includes(name);

/** The handler of a use case, found by its name alone. */
export const handlerOf = async (name: string): Promise<unknown> => {
  const module: { handler: unknown } = await import(`#functions/${name}/handler.ts`);
  return module.handler;
};
