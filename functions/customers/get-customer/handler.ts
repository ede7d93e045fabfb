import { serve } from '#lib/serve/serve.ts';
import { findSurvivor } from '#lib/store/customers/reader.ts';
import { contract } from './contract.ts';
import { getCustomer } from './get-customer.ts';

export const handler = serve(contract, getCustomer({ findSurvivor }));
