import type { Contract } from '#lib/contract/contract.ts';
import { contract as createCustomer } from './customers/create-customer/contract.ts';
import { contract as getCustomer } from './customers/get-customer/contract.ts';
import { contract as findCustomers } from './customers/find-customers/contract.ts';
import { contract as lookUpCustomer } from './customers/look-up-customer/contract.ts';
import { contract as changeCustomer } from './customers/change-customer/contract.ts';
import { contract as patchCustomer } from './customers/patch-customer/contract.ts';
import { contract as setCustomerState } from './customers/set-customer-state/contract.ts';
import { contract as deleteCustomer } from './customers/delete-customer/contract.ts';
import { contract as restoreCustomer } from './customers/restore-customer/contract.ts';
import { contract as getCustomerStatistics } from './customers/get-customer-statistics/contract.ts';
import { contract as applyOperations } from './customers/apply-operations/contract.ts';
import { contract as findDuplicates } from './duplicates/find-duplicates/contract.ts';
import { contract as mergeCustomer } from './duplicates/merge-customer/contract.ts';
import { contract as unmergeCustomer } from './duplicates/unmerge-customer/contract.ts';
import { contract as getCustomerHistory } from './histories/get-customer-history/contract.ts';
import { contract as keepAccessLog } from './histories/keep-access-log/contract.ts';
import { contract as verifyHistories } from './histories/verify-histories/contract.ts';
import { contract as getConsents } from './rights/get-consents/contract.ts';
import { contract as recordConsents } from './rights/record-consents/contract.ts';
import { contract as purgeDeletedCustomers } from './retention/purge-deleted-customers/contract.ts';
import { contract as eraseCustomer } from './rights/erase-customer/contract.ts';
import { contract as exportCustomer } from './rights/export-customer/contract.ts';
import { contract as getErasure } from './rights/get-erasure/contract.ts';
import { contract as keepArchive } from './rights/keep-archive/contract.ts';
import { contract as recallCustomer } from './rights/recall-customer/contract.ts';
import { contract as confirmErasure } from './rights/confirm-erasure/contract.ts';
import { contract as finishErasures } from './rights/finish-erasures/contract.ts';
import { contract as replayErasures } from './rights/replay-erasures/contract.ts';
import { contract as getLegalHold } from './rights/get-legal-hold/contract.ts';
import { contract as placeLegalHold } from './rights/place-legal-hold/contract.ts';
import { contract as releaseLegalHold } from './rights/release-legal-hold/contract.ts';
import { contract as recordOrder } from './activity/record-order/contract.ts';
import { contract as recordPayment } from './activity/record-payment/contract.ts';
import { contract as recountActivity } from './activity/recount-activity/contract.ts';
import { contract as findOrders } from './activity/find-orders/contract.ts';
import { contract as findPayments } from './activity/find-payments/contract.ts';
import { contract as getSnapshot } from './activity/get-snapshot/contract.ts';
import { contract as getSnapshots } from './activity/get-snapshots/contract.ts';
import { contract as tellFirstTime } from './activity/tell-first-time/contract.ts';
import { contract as findAttendees } from './activity/find-attendees/contract.ts';
import { contract as getPreferences } from './activity/get-preferences/contract.ts';
import { contract as setPreferences } from './activity/set-preferences/contract.ts';
import { contract as findSegments } from './messages/find-segments/contract.ts';
import { contract as getSegment } from './messages/get-segment/contract.ts';
import { contract as createSegment } from './messages/create-segment/contract.ts';
import { contract as changeSegment } from './messages/change-segment/contract.ts';
import { contract as deleteSegment } from './messages/delete-segment/contract.ts';
import { contract as findRecipients } from './messages/find-recipients/contract.ts';
import { contract as unsubscribe } from './messages/unsubscribe/contract.ts';
import { contract as relayEvents } from './messages/relay-events/contract.ts';
import { contract as getSettings } from './business/get-settings/contract.ts';
import { contract as changeSettings } from './business/change-settings/contract.ts';
import { contract as enforceUniqueness } from './business/enforce-uniqueness/contract.ts';
import { contract as migrateDatabase } from './upkeep/migrate-database/contract.ts';
import { contract as reencryptCustomers } from './upkeep/reencrypt-customers/contract.ts';
import { contract as getOpenapiDocument } from './upkeep/get-openapi-document/contract.ts';

/**
 * Every use case, listed once, by wing. A wing is a folder under `functions`. Infra, OpenAPI and tests read this list;
 * handlers never do. Inside a wing, the order follows the life of a customer.
 */
export const contractsByWing = {
  customers: [
    createCustomer,
    getCustomer,
    findCustomers,
    lookUpCustomer,
    changeCustomer,
    patchCustomer,
    setCustomerState,
    deleteCustomer,
    restoreCustomer,
    getCustomerStatistics,
    applyOperations,
  ],
  duplicates: [findDuplicates, mergeCustomer, unmergeCustomer],
  histories: [getCustomerHistory, keepAccessLog, verifyHistories],
  retention: [purgeDeletedCustomers],
  rights: [
    getConsents,
    recordConsents,
    getLegalHold,
    placeLegalHold,
    releaseLegalHold,
    exportCustomer,
    eraseCustomer,
    getErasure,
    confirmErasure,
    finishErasures,
    replayErasures,
    recallCustomer,
    keepArchive,
  ],
  activity: [
    recordOrder,
    recordPayment,
    recountActivity,
    findOrders,
    findPayments,
    getPreferences,
    setPreferences,
    tellFirstTime,
    getSnapshot,
    getSnapshots,
    findAttendees,
  ],
  messages: [
    findSegments,
    getSegment,
    createSegment,
    changeSegment,
    deleteSegment,
    findRecipients,
    unsubscribe,
    relayEvents,
  ],
  business: [getSettings, changeSettings, enforceUniqueness],
  upkeep: [migrateDatabase, reencryptCustomers, getOpenapiDocument],
} as const satisfies Readonly<Record<string, readonly Contract[]>>;

/** A subject area. Its folder has the same name under functions, lib/domain and lib/store. */
export type Wing = keyof typeof contractsByWing;

/** Every use case, in the order of the wings. */
export const contracts: readonly Contract[] = Object.values(contractsByWing).flat();

const isWing = (name: string): name is Wing => name in contractsByWing;

const WING_OF: ReadonlyMap<string, Wing> = new Map(
  Object.entries(contractsByWing).flatMap(([wing, listed]) =>
    isWing(wing) ? listed.map(({ name }) => [name, wing] as const) : [],
  ),
);

/**
 * The wing of a use case.
 * @throws Error when no wing lists it
 */
export const wingOf = (name: string): Wing => {
  const wing = WING_OF.get(name);
  if (wing === undefined) throw new Error(`No wing of functions/contracts.ts lists ${name}.`);
  return wing;
};

/**
 * The folder of a use case, from the project's root.
 * @throws Error when no wing lists it
 */
export const folderOf = (name: string): string => `functions/${wingOf(name)}/${name}`;
