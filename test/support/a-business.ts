import { handler as applyOperations } from '#functions/apply-operations/handler.ts';
import { handler as changeCustomer } from '#functions/change-customer/handler.ts';
import { handler as changeSettings } from '#functions/change-settings/handler.ts';
import { handler as createCustomer } from '#functions/create-customer/handler.ts';
import { handler as deleteCustomer } from '#functions/delete-customer/handler.ts';
import { handler as findCustomers } from '#functions/find-customers/handler.ts';
import { handler as findDuplicates } from '#functions/find-duplicates/handler.ts';
import { handler as getCustomer } from '#functions/get-customer/handler.ts';
import { handler as getCustomerHistory } from '#functions/get-customer-history/handler.ts';
import { handler as getCustomerStatistics } from '#functions/get-customer-statistics/handler.ts';
import { handler as getSettings } from '#functions/get-settings/handler.ts';
import { handler as lookUpCustomer } from '#functions/look-up-customer/handler.ts';
import { handler as mergeCustomer } from '#functions/merge-customer/handler.ts';
import { handler as patchCustomer } from '#functions/patch-customer/handler.ts';
import { handler as restoreCustomer } from '#functions/restore-customer/handler.ts';
import { handler as setCustomerState } from '#functions/set-customer-state/handler.ts';
import { handler as unmergeCustomer } from '#functions/unmerge-customer/handler.ts';
import { aCustomer } from './a-customer.ts';
import { aBusinessId, type Answer, call, type Call } from './service.ts';

type Query = Readonly<Record<string, string>>;

/** A business of its own, and somebody of it who calls the routes. What is in `more` decides last. */
export const aBusiness = (caller: Call = {}) => {
  const businessId = caller.businessId ?? aBusinessId();
  const ask = (handler: unknown, request: Call): Promise<Answer> =>
    call(handler, { ...caller, businessId, ...request });
  return {
    businessId,
    /** The same business, with somebody else calling. */
    as: (other: Call) => aBusiness({ ...caller, ...other, businessId }),
    create: (body: unknown = aCustomer(), more: Call = {}) => ask(createCustomer, { body, ...more }),
    get: (id: string, more: Call = {}) => ask(getCustomer, { id, ...more }),
    find: (query: Query = {}, more: Call = {}) => ask(findCustomers, { query, ...more }),
    duplicates: (query: Query = {}, more: Call = {}) => ask(findDuplicates, { query, ...more }),
    change: (id: string, body: unknown, more: Call = {}) => ask(changeCustomer, { id, body, ...more }),
    patch: (id: string, body: unknown, more: Call = {}) =>
      ask(patchCustomer, { id, body, headers: { 'if-match': '*' }, ...more }),
    setState: (id: string, body: unknown, more: Call = {}) =>
      ask(setCustomerState, { id, body, headers: { 'if-match': '*' }, ...more }),
    delete: (id: string, more: Call = {}) => ask(deleteCustomer, { id, ...more }),
    restore: (id: string, more: Call = {}) => ask(restoreCustomer, { id, ...more }),
    merge: (id: string, body: unknown, more: Call = {}) => ask(mergeCustomer, { id, body, ...more }),
    unmerge: (id: string, body: unknown, more: Call = {}) => ask(unmergeCustomer, { id, body, ...more }),
    lookUp: (query: Query, more: Call = {}) => ask(lookUpCustomer, { query, ...more }),
    history: (id: string, query: Query = {}, more: Call = {}) =>
      ask(getCustomerHistory, { id, query, ...more }),
    statistics: (query: Query = {}, more: Call = {}) => ask(getCustomerStatistics, { query, ...more }),
    bulk: (operations: readonly unknown[], more: Call = {}) =>
      ask(applyOperations, { body: { operations }, ...more }),
    settings: (more: Call = {}) => ask(getSettings, more),
    chooseSettings: (body: unknown, more: Call = {}) => ask(changeSettings, { body, ...more }),
  };
};
export type Business = ReturnType<typeof aBusiness>;

/** Creates a customer that must be accepted, and gives what was answered. */
export const added = async (
  business: Business,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<any> => {
  const answer = await business.create(aCustomer(overrides));
  if (answer.status !== 201) throw new Error(`A customer was refused: ${answer.text}`);
  return answer.body;
};
