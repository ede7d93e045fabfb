import type { Contract } from '#lib/contract/route.ts';
import { contract as applyOperations } from './apply-operations/contract.ts';
import { contract as changeCustomer } from './change-customer/contract.ts';
import { contract as changeSettings } from './change-settings/contract.ts';
import { contract as createCustomer } from './create-customer/contract.ts';
import { contract as deleteCustomer } from './delete-customer/contract.ts';
import { contract as enforceUniqueness } from './enforce-uniqueness/contract.ts';
import { contract as findCustomers } from './find-customers/contract.ts';
import { contract as findDuplicates } from './find-duplicates/contract.ts';
import { contract as getCustomer } from './get-customer/contract.ts';
import { contract as getCustomerHistory } from './get-customer-history/contract.ts';
import { contract as getCustomerStatistics } from './get-customer-statistics/contract.ts';
import { contract as getOpenapiDocument } from './get-openapi-document/contract.ts';
import { contract as getSettings } from './get-settings/contract.ts';
import { contract as keepAccessLog } from './keep-access-log/contract.ts';
import { contract as lookUpCustomer } from './look-up-customer/contract.ts';
import { contract as mergeCustomer } from './merge-customer/contract.ts';
import { contract as migrateDatabase } from './migrate-database/contract.ts';
import { contract as patchCustomer } from './patch-customer/contract.ts';
import { contract as purgeDeletedCustomers } from './purge-deleted-customers/contract.ts';
import { contract as reencryptCustomers } from './reencrypt-customers/contract.ts';
import { contract as restoreCustomer } from './restore-customer/contract.ts';
import { contract as setCustomerState } from './set-customer-state/contract.ts';
import { contract as unmergeCustomer } from './unmerge-customer/contract.ts';
import { contract as verifyHistories } from './verify-histories/contract.ts';

/** Every use case, each exactly once: infra, OpenAPI and tests read this list; a handler never does. */
export const contracts: readonly Contract[] = [
  applyOperations,
  changeCustomer,
  changeSettings,
  createCustomer,
  deleteCustomer,
  enforceUniqueness,
  findCustomers,
  findDuplicates,
  getCustomer,
  getCustomerHistory,
  getCustomerStatistics,
  getOpenapiDocument,
  getSettings,
  keepAccessLog,
  lookUpCustomer,
  mergeCustomer,
  migrateDatabase,
  patchCustomer,
  purgeDeletedCustomers,
  reencryptCustomers,
  restoreCustomer,
  setCustomerState,
  unmergeCustomer,
  verifyHistories,
];
