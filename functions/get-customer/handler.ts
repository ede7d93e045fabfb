import { serve } from '#lib/http/serve.ts';
import { findSurvivor } from '#lib/store/customer-reader.ts';
import { contract } from './contract.ts';
import { getCustomer } from './get-customer.ts';

export const handler = serve(contract, getCustomer({ findSurvivor }));
