import type { Contract } from '#lib/contract/route.ts';
import { contract as getCustomer } from '#functions/get-customer/contract.ts';

/** Every use case, each exactly once: infra, OpenAPI and tests read this list; a handler never does. */
export const contracts: readonly Contract[] = [getCustomer];
