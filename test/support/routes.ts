import { contracts, folderOf } from '#functions/contracts.ts';
import type { Route } from '#lib/contract/route.ts';
import { added, type Business } from './a-business.ts';
import { aCustomer } from './a-customer.ts';
import type { Call } from './service.ts';

/** Every route that requires a caller: all except the contract's own document. */
export const routes: readonly Route[] = contracts.filter(
  (contract): contract is Route => contract.kind === 'route' && contract.permission !== undefined,
);
export const routeNames: readonly string[] = routes.map(({ name }) => name);

/** The id of no customer. `arranged` replaces it with an existing customer for a merge. */
const NOBODY = 'f'.repeat(24);

/** A refusal, because a deleted customer may refuse too. */
const aRefusal = {
  purpose: 'marketing',
  channel: 'email',
  granted: false,
  source: 'desk',
  lawfulBasis: 'consent',
};

/** A valid segment. */
const aSegment = { name: 'Regulars', definition: { visitsAtLeast: 3 } };

/** A valid request for each route; `id` is an existing customer. */
const REQUESTS: Readonly<Record<string, (id: string) => Call>> = {
  'apply-operations': (id) => ({ body: { operations: [{ change: { _id: id, note: 'changed in bulk' } }] } }),
  'change-customer': (id) => ({ id, body: { note: 'changed' } }),
  'change-segment': () => ({ path: { segmentId: NOBODY }, body: { ...aSegment, name: 'Loyal ones' } }),
  'change-settings': () => ({ body: { retentionDays: 30 } }),
  'create-customer': () => ({ body: aCustomer() }),
  'create-segment': () => ({ body: aSegment }),
  'delete-customer': (id) => ({ id }),
  'delete-segment': () => ({ path: { segmentId: NOBODY } }),
  'erase-customer': (id) => ({ id, body: { reason: 'asked by letter' } }),
  'export-customer': (id) => ({ id }),
  'find-customers': () => ({ query: { phrase: 'anna' } }),
  'find-duplicates': () => ({}),
  'find-recipients': (id) => ({ body: { channel: 'push', purpose: 'reminders', customerIds: [id] } }),
  'find-segments': () => ({}),
  'find-attendees': (id) => ({ body: { attendees: [{ _id: id }] } }),
  'find-orders': (id) => ({ id, query: { from: '2026-01-01T00:00:00.000Z' } }),
  'find-payments': (id) => ({ id, query: { method: 'CASH' } }),
  'get-consents': (id) => ({ id }),
  'get-customer': (id) => ({ id }),
  'get-customer-history': (id) => ({ id }),
  'get-customer-statistics': () => ({ query: { from: '2026-01-01', to: '2026-01-31' } }),
  'get-erasure': (id) => ({ id }),
  'get-legal-hold': (id) => ({ id }),
  'get-segment': () => ({ path: { segmentId: NOBODY } }),
  'get-preferences': (id) => ({ id }),
  'get-settings': () => ({}),
  'get-snapshot': (id) => ({ id }),
  'get-snapshots': (id) => ({ body: { customerIds: [id] } }),
  'look-up-customer': () => ({ query: { email: 'nobody@b.example' } }),
  'merge-customer': (id) => ({ id, body: { loserId: NOBODY } }),
  'patch-customer': (id) => ({ id, body: { note: 'patched' }, headers: { 'if-match': '*' } }),
  'place-legal-hold': (id) => ({ id, body: { reason: 'a case at court' } }),
  'release-legal-hold': (id) => ({ id }),
  'recall-customer': (id) => ({ id }),
  'record-consents': (id) => ({ id, body: { consents: [aRefusal] } }),
  'restore-customer': (id) => ({ id }),
  'set-customer-state': (id) => ({ id, body: { state: 'archived' }, headers: { 'if-match': '*' } }),
  'set-preferences': (id) => ({ id, body: { language: 'pl' } }),
  'tell-first-time': (id) => ({ query: { customerId: id } }),
  // Not one of ours: only who has the keyring can make one.
  unsubscribe: () => ({ query: { token: 'A'.repeat(96) } }),
  'unmerge-customer': (id) => ({ id, body: { loserId: NOBODY } }),
};

/** A valid request of this route. A new route must add its own here. */
export const goodRequest = (name: string, id: string): Call => {
  const request = REQUESTS[name];
  if (request === undefined) throw new Error(`test/support/routes.ts does not know how to ask ${name}.`);
  return request(id);
};

/** A valid request of this route, with anything else that it needs: a merge needs two customers. */
export const arranged = async (name: string, business: Business, id: string, other = {}): Promise<Call> => {
  if (name === 'get-erasure') await business.erase(id);
  if (['get-segment', 'change-segment', 'delete-segment'].includes(name)) {
    const { segmentId } = (await business.createSegment(aSegment, { role: 'OWNER' })).body;
    return { ...goodRequest(name, id), path: { segmentId } };
  }
  if (!isOfTwo(name)) return goodRequest(name, id);
  const { _id: loserId } = await added(business, other);
  if (name === 'unmerge-customer') await business.merge(id, { loserId });
  return { id, body: { loserId } };
};

/** Whether a route changes two customers at once. */
export const isOfTwo = (name: string): boolean => ['merge-customer', 'unmerge-customer'].includes(name);

/** The handler of a use case, found by its name. */
export const handlerOf = async (name: string): Promise<unknown> => {
  const module: { handler: unknown } = await import(`#${folderOf(name)}/handler.ts`);
  return module.handler;
};
