import { handler as applyOperations } from '#functions/customers/apply-operations/handler.ts';
import { handler as changeCustomer } from '#functions/customers/change-customer/handler.ts';
import { handler as changeSettings } from '#functions/business/change-settings/handler.ts';
import { handler as createCustomer } from '#functions/customers/create-customer/handler.ts';
import { handler as deleteCustomer } from '#functions/customers/delete-customer/handler.ts';
import { handler as recallCustomer } from '#functions/rights/recall-customer/handler.ts';
import { handler as eraseCustomer } from '#functions/rights/erase-customer/handler.ts';
import { handler as findCustomers } from '#functions/customers/find-customers/handler.ts';
import { handler as findDuplicates } from '#functions/duplicates/find-duplicates/handler.ts';
import { handler as getConsents } from '#functions/rights/get-consents/handler.ts';
import { handler as recordConsents } from '#functions/rights/record-consents/handler.ts';
import { handler as exportCustomer } from '#functions/rights/export-customer/handler.ts';
import { handler as getCustomer } from '#functions/customers/get-customer/handler.ts';
import { handler as getCustomerHistory } from '#functions/histories/get-customer-history/handler.ts';
import { handler as getCustomerStatistics } from '#functions/customers/get-customer-statistics/handler.ts';
import { handler as getErasure } from '#functions/rights/get-erasure/handler.ts';
import { handler as getLegalHold } from '#functions/rights/get-legal-hold/handler.ts';
import { handler as findOrders } from '#functions/activity/find-orders/handler.ts';
import { handler as findPayments } from '#functions/activity/find-payments/handler.ts';
import { handler as getSnapshot } from '#functions/activity/get-snapshot/handler.ts';
import { handler as getSnapshots } from '#functions/activity/get-snapshots/handler.ts';
import { handler as tellFirstTime } from '#functions/activity/tell-first-time/handler.ts';
import { handler as findAttendees } from '#functions/activity/find-attendees/handler.ts';
import { handler as getPreferences } from '#functions/activity/get-preferences/handler.ts';
import { handler as getSettings } from '#functions/business/get-settings/handler.ts';
import { handler as lookUpCustomer } from '#functions/customers/look-up-customer/handler.ts';
import { handler as changeSegment } from '#functions/messages/change-segment/handler.ts';
import { handler as createSegment } from '#functions/messages/create-segment/handler.ts';
import { handler as deleteSegment } from '#functions/messages/delete-segment/handler.ts';
import { handler as findRecipients } from '#functions/messages/find-recipients/handler.ts';
import { handler as findSegments } from '#functions/messages/find-segments/handler.ts';
import { handler as getSegment } from '#functions/messages/get-segment/handler.ts';
import { handler as mergeCustomer } from '#functions/duplicates/merge-customer/handler.ts';
import { handler as patchCustomer } from '#functions/customers/patch-customer/handler.ts';
import { handler as placeLegalHold } from '#functions/rights/place-legal-hold/handler.ts';
import { handler as releaseLegalHold } from '#functions/rights/release-legal-hold/handler.ts';
import { handler as setPreferences } from '#functions/activity/set-preferences/handler.ts';
import { handler as restoreCustomer } from '#functions/customers/restore-customer/handler.ts';
import { handler as setCustomerState } from '#functions/customers/set-customer-state/handler.ts';
import { handler as unmergeCustomer } from '#functions/duplicates/unmerge-customer/handler.ts';
import { folderOf } from '#functions/contracts.ts';
import { aCustomer } from './a-customer.ts';
import { aBusinessId, type Answer, call, type Call } from './service.ts';

type Query = Readonly<Record<string, string>>;

/** A new business, and a caller of its routes. Settings in `more` override the usual ones. */
export const aBusiness = (caller: Call = {}) => {
  const businessId = caller.businessId ?? aBusinessId();
  const ask = (handler: unknown, request: Call): Promise<Answer> =>
    call(handler, { ...caller, businessId, ...request });
  return {
    businessId,
    /** Calls the route of this name, also one that has no function of its own here. */
    route: async (name: string, request: Call = {}): Promise<Answer> => {
      const module: { handler: unknown } = await import(`#${folderOf(name)}/handler.ts`);
      return ask(module.handler, request);
    },
    /** The same business, called by another person. */
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
    erase: (id: string, body: unknown = { reason: 'asked by letter' }, more: Call = {}) =>
      ask(eraseCustomer, { id, body, ...more }),
    recall: (id: string, more: Call = {}) => ask(recallCustomer, { id, ...more }),
    erasure: (id: string, more: Call = {}) => ask(getErasure, { id, ...more }),
    exported: (id: string, query: Query = {}, more: Call = {}) => ask(exportCustomer, { id, query, ...more }),
    lookUp: (query: Query, more: Call = {}) => ask(lookUpCustomer, { query, ...more }),
    history: (id: string, query: Query = {}, more: Call = {}) =>
      ask(getCustomerHistory, { id, query, ...more }),
    consents: (id: string, query: Query = {}, more: Call = {}) => ask(getConsents, { id, query, ...more }),
    record: (id: string, consents: readonly unknown[], more: Call = {}) =>
      ask(recordConsents, { id, body: { consents }, ...more }),
    statistics: (query: Query = {}, more: Call = {}) => ask(getCustomerStatistics, { query, ...more }),
    bulk: (operations: readonly unknown[], more: Call = {}) =>
      ask(applyOperations, { body: { operations }, ...more }),
    hold: (id: string, more: Call = {}) => ask(getLegalHold, { id, ...more }),
    placeHold: (id: string, reason: unknown = 'a case at court', more: Call = {}) =>
      ask(placeLegalHold, { id, body: { reason }, ...more }),
    releaseHold: (id: string, more: Call = {}) => ask(releaseLegalHold, { id, ...more }),
    segments: (more: Call = {}) => ask(findSegments, more),
    segment: (segmentId: string, more: Call = {}) => ask(getSegment, { path: { segmentId }, ...more }),
    createSegment: (body: unknown, more: Call = {}) => ask(createSegment, { body, ...more }),
    changeSegment: (segmentId: string, body: unknown, more: Call = {}) =>
      ask(changeSegment, { path: { segmentId }, body, ...more }),
    deleteSegment: (segmentId: string, more: Call = {}) =>
      ask(deleteSegment, { path: { segmentId }, ...more }),
    recipients: (body: unknown, more: Call = {}) => ask(findRecipients, { body, ...more }),
    orders: (id: string, query: Query = {}, more: Call = {}) => ask(findOrders, { id, query, ...more }),
    payments: (id: string, query: Query = {}, more: Call = {}) => ask(findPayments, { id, query, ...more }),
    firstTime: (query: Query, more: Call = {}) => ask(tellFirstTime, { query, ...more }),
    snapshot: (id: string, query: Query = {}, more: Call = {}) => ask(getSnapshot, { id, query, ...more }),
    snapshots: (body: unknown, more: Call = {}) => ask(getSnapshots, { body, ...more }),
    attendees: (attendees: unknown, more: Call = {}) => ask(findAttendees, { body: { attendees }, ...more }),
    preferences: (id: string, more: Call = {}) => ask(getPreferences, { id, ...more }),
    prefer: (id: string, body: unknown, more: Call = {}) => ask(setPreferences, { id, body, ...more }),
    settings: (more: Call = {}) => ask(getSettings, more),
    chooseSettings: (body: unknown, more: Call = {}) => ask(changeSettings, { body, ...more }),
  };
};
export type Business = ReturnType<typeof aBusiness>;

/** Creates a customer, which must succeed, and returns the answered customer. */
export const added = async (
  business: Business,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<any> => {
  const answer = await business.create(aCustomer(overrides));
  if (answer.status !== 201) throw new Error(`A customer was refused: ${answer.text}`);
  return answer.body;
};
