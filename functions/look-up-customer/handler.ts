import { serve } from '#lib/http/serve.ts';
import { findLiveByEmail, findLiveByPhone } from '#lib/store/customer-reader.ts';
import { contract } from './contract.ts';
import { lookUpCustomer } from './look-up-customer.ts';

export const handler = serve(contract, lookUpCustomer({ findLiveByEmail, findLiveByPhone }));
